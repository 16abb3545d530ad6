#pragma once

#include <fallline/objective/batch_objective.hpp>
#include <fallline/search/plan.hpp>
#include <string>

#include "search/candidates.hpp"
#include "search/record.hpp"

namespace fallline {

/// W_t = scale · n_t for every t, K of them a pass.
void search_at_random(const SearchPlan& plan, Candidates& candidates, Record& record);

/// W_1 = start · n_1, then W + step · n_t, accepted where the objective falls.
void search_locally(const SearchPlan& plan, Candidates& candidates, Record& record);

/// W_{t+1} = W_t − α ∂L/∂W_t over all examples. Returns what happened where the objective stopped
/// being finite, else nothing.
[[nodiscard]] std::string follow_gradient(const SearchPlan& plan, BatchObjective& objective,
                                          Record& record, Workers& workers);

}  // namespace fallline
