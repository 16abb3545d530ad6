#include "data/array.hpp"

#include <fmt/format.h>

#include <fallline/error.hpp>

#include "data/text.hpp"

namespace fallline::data {

void take_elements(Array& array, const Contents& whole) {
  std::uint64_t bytes = array.element_bytes;
  for (const std::uint64_t dim : array.dims) bytes = product(bytes, dim);
  const std::uint64_t left = whole.bytes.size() - array.first_byte;
  const std::string promise =
      fmt::format("{} elements of {} bytes", fmt::join(array.dims, "x"), array.element_bytes);
  if (bytes > left)
    throw bad_input({.file = array.file, .byte = whole.bytes.size()},
                    "ends here, before the " + promise + " that its header promises",
                    "fetch the file again: it is cut short or damaged");
  if (bytes < left)
    throw bad_input(
        {.file = array.file, .byte = array.first_byte + bytes},
        fmt::format("{} bytes follow the {} that its header promises", left - bytes, promise),
        "fetch the file again, or remove what follows");
  array.contents = {.owner = whole.owner, .bytes = whole.bytes.subspan(array.first_byte)};
}

}  // namespace fallline::data
