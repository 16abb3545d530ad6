#pragma once

#include <fallline/schedule/schedule.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// Reads a schedule as a person writes it.
///
///     schedule   = part {" then " part}
///     part       = name [":" parameter {"," parameter}]
///     parameter  = key "=" value
///
///     cosine
///     staircase:at=30/60,factor=0.1
///     warmup:steps=500 then exponential:base=0.97
///     replay:file=runs/A/history.jsonl
///
/// The names and keys are those of `schedules()`; each part also takes `steps` or `epochs`, its
/// length, which every part but the last must have. A value with a comma or a blank goes in double
/// quotes. `Schedule::text` is its inverse.
/// @throws Error(usage) that names what is unknown beside what is known, or a setting and its
///         bound; Error(bad_input) where a file to replay is not what it should be
[[nodiscard]] Schedule parse_schedule(std::string_view text);

/// What there is to choose from by name.
struct ScheduleInfo {
  struct Parameter {
    std::string name;
    std::string value;  ///< the default; empty: none
    std::string about;
  };

  std::string name;
  std::string formula;  ///< in one line; a0 is the base rate
  std::vector<Parameter> parameters;
};
[[nodiscard]] std::vector<ScheduleInfo> schedules();

}  // namespace fallline
