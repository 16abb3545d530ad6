// Whatever a file of JSON lines holds, a report shows it as columns or ends with Error(bad_input).

#include <cstdlib>
#include <fallline/error.hpp>

#include "input_file.hpp"
#include "report/history.hpp"
#include "report/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace fallline;
  try {
    if (report::for_html(report::columns_of(input_file(bytes, size))).empty()) std::abort();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) std::abort();
  }
  return 0;
}
