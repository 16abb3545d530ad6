#pragma once

// The words that a schedule is written in: cut apart, read into settings, and written again.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fallline::schedule {

/// One part of a schedule's text, cut apart.
struct Words {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> settings;
};

/// `text` cut at each `mark` outside double quotes, blanks trimmed.
[[nodiscard]] std::vector<std::string_view> cut(std::string_view text, std::string_view mark);

/// @throws Error(usage) where a setting is not `key=value`, or is given twice.
[[nodiscard]] Words words_of(std::string_view part);

/// Reads the value of a setting. `field` names it in the Error(usage) that other text is.
void read(std::string_view value, std::string_view field, double& out);
void read(std::string_view value, std::string_view field, std::uint64_t& out);
void read(std::string_view value, std::string_view field, std::vector<std::uint64_t>& out);
void read(std::string_view value, std::string_view field, std::string& out);

/// What `read` reads back; empty for a count of 0, an empty list and no text: for what is not set.
[[nodiscard]] std::string written(double value);
[[nodiscard]] std::string written(std::uint64_t value);
[[nodiscard]] std::string written(const std::vector<std::uint64_t>& value);
[[nodiscard]] std::string written(const std::string& value);

}  // namespace fallline::schedule
