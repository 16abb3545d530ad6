// Whatever a file holds, a report takes it as a result, in text that cannot leave its script, or
// ends with a fallline::Error.

#include <cstdlib>
#include <fallline/error.hpp>

#include "input_file.hpp"
#include "report/documents.hpp"
#include "report/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace fallline;
  try {
    const auto document = report::read_document(input_file(bytes, size), std::uint64_t{64} << 20U);
    if (report::for_html(document.content).find_first_of("<>&") != std::string::npos) std::abort();
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}
