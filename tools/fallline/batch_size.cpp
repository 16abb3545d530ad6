#include "batch_size.hpp"

#include <CLI/CLI.hpp>
#include <fallline/data/sampler.hpp>
#include <fallline/error.hpp>

namespace fallline::tool {

std::size_t batch_size_named(const std::string& text) {
  if (text == "auto") return automatic_batch;
  if (text == "full") return full_batch;
  std::size_t size = 0;
  if (!CLI::detail::lexical_cast(text, size) || size == 0 || text.starts_with('-'))
    throw usage_error("the batch size is '" + text + "'", "give a number from 1, full or auto");
  return size;
}

}  // namespace fallline::tool
