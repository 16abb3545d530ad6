#include <fmt/format.h>

#include <fallline/arithmetic.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Arithmetic, 3> arithmetics{"arithmetic",
                                           {{{Arithmetic::automatic, "auto"},
                                             {Arithmetic::floats, "float"},
                                             {Arithmetic::integers, "integer"}}}};

}  // namespace

std::string_view name_of(Arithmetic arithmetic) { return arithmetics.name_of(arithmetic); }

Arithmetic arithmetic_named(std::string_view name) { return arithmetics.value_of(name); }

std::string why_not_integers(CellType cells, std::size_t features) {
  if (cells != CellType::u8) return "the features are floats, not bytes";
  if (features > most_integer_features)
    return fmt::format("{} features are more than the {} whose sums have room in 32 bits", features,
                       most_integer_features);
  return {};
}

void require_arithmetic(Arithmetic arithmetic, CellType cells, std::size_t features) {
  if (arithmetic != Arithmetic::integers) return;
  const std::string why_not = why_not_integers(cells, features);
  if (!why_not.empty())
    throw usage_error("integer arithmetic is not possible: " + why_not,
                      "use float arithmetic, or leave the choice to auto");
}

}  // namespace fallline
