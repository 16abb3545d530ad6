#pragma once

#include <cstdint>
#include <fallline/random.hpp>
#include <fallline/search/plan.hpp>

namespace fallline {

/// n_t of attempt t. All strategies see the same draws.
inline Random draws_of(const SearchPlan& plan, std::uint64_t attempt) {
  return {plan.options.seed, Purpose::search, static_cast<std::uint32_t>(attempt)};
}

}  // namespace fallline
