// Whatever a text holds, `parse_schedule` ends with a schedule, whose own text reads back and which
// has a rate at any step, or with a fallline::Error.

#include <cstdint>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/schedule/text.hpp>
#include <string_view>

namespace {

using namespace fallline;

void look_at(const Schedule& schedule) {
  const std::string text = schedule.text();
  if (parse_schedule(text).text() != text) std::abort();
  for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{1} << 40U})
    (void)schedule.rate(0.1,
                        {.step = step, .steps_per_epoch = 7, .steps = std::uint64_t{1} << 41U});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    look_at(parse_schedule({reinterpret_cast<const char*>(bytes), size}));
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}
