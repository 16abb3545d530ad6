#include "batch_size.hpp"

#include <fallline/data/sampler.hpp>
#include <fallline/error.hpp>

#include "numbers.hpp"

namespace fallline::tool {

std::size_t batch_size_named(const std::string& text) {
  if (text == "auto") return automatic_batch;
  if (text == "full") return full_batch;
  const auto size = whole_number(text);
  if (!size || *size == 0)
    throw usage_error("the batch size is '" + text + "'", "give a number from 1, full or auto");
  return *size;
}

}  // namespace fallline::tool
