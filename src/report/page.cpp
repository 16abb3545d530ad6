#include "report/page.hpp"

// The assembler puts the file into the object as it is: no compiler has to read 2 MB of numbers.
__asm__(
    ".section .rodata\n"
    ".global fallline_report_page\n"
    ".hidden fallline_report_page\n"
    "fallline_report_page:\n"
    ".incbin \"" FALLLINE_PAGE
    "\"\n"
    ".global fallline_report_page_end\n"
    ".hidden fallline_report_page_end\n"
    "fallline_report_page_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
[[gnu::visibility("hidden")]] extern const char fallline_report_page[];
[[gnu::visibility("hidden")]] extern const char fallline_report_page_end[];
}

namespace fallline::report {

Page page() {
  constexpr std::string_view place = "@FALLLINE_DATA@";
  const std::string_view all(
      fallline_report_page,
      static_cast<std::size_t>(fallline_report_page_end - fallline_report_page));
  const std::size_t at = all.find(place);
  if (at == std::string_view::npos) return {};
  return {.before = all.substr(0, at), .after = all.substr(at + place.size())};
}

}  // namespace fallline::report
