#pragma once

#include <cstdint>
#include <fallline/report/report.hpp>

#include "ordered_json.hpp"

namespace fallline::report {

/// Everything of one run that the page shows, results beside it left aside.
/// @throws Error(bad_input) where the directory holds no run, or a file of it is damaged;
///         Error(not_enough_memory)
[[nodiscard]] Json run_data(const ReportRun& run, Workers& workers, std::uint64_t memory_limit);

}  // namespace fallline::report
