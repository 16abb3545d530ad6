#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/landscape/choice.hpp>
#include <fallline/random.hpp>
#include <vector>

#include "names.hpp"

namespace fallline::landscape {
namespace {

constexpr Names<Which, 3> choices{
    "choice of examples",
    {{{Which::all, "all"}, {Which::batch, "batch"}, {Which::example, "example"}}}};

}  // namespace

std::string_view name_of(Which which) { return choices.name_of(which); }
Which which_named(std::string_view name) { return choices.value_of(name); }

Dataset choose(const Dataset& data, const Choice& choice) {
  const std::size_t n = data.size();
  if (choice.which == Which::all) return data;
  if (choice.which == Which::example) {
    if (choice.number < 1 || choice.number > n)
      throw usage_error(fmt::format("there is no example {}", choice.number),
                        fmt::format("there are {}, counted from 1", n));
    const std::size_t only[] = {choice.number - 1};
    return data.subset(only);
  }
  if (choice.batch < 1 || choice.batch > n)
    throw usage_error(fmt::format("a batch of {} examples", choice.batch),
                      fmt::format("draw 1 to {}, as many as there are", n));
  std::vector<std::size_t> drawn = shuffled(n, Random(choice.seed, Purpose::landscape_batch));
  drawn.resize(choice.batch);
  return data.subset(drawn);
}

}  // namespace fallline::landscape
