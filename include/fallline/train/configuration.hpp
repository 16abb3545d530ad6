#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fallline {

/// An option's value. A text may be any bytes, as a path on Linux may.
using ConfigurationValue = std::variant<std::string, std::int64_t, double, bool>;

struct ConfigurationEntry {
  std::string key;  ///< letters, digits, - and _
  ConfigurationValue value;
  std::uint64_t line = 0;  ///< where it was read, from 1

  /// The same option with the same value, wherever it stands.
  bool operator==(const ConfigurationEntry& other) const {
    return key == other.key && value == other.value;
  }
};

/// Options with their values, in order: what the run.toml of a run has.
struct Configuration {
  std::string title;  ///< one line on what it is for; not read back
  std::vector<ConfigurationEntry> entries;
};

/// What a file of it may have: a hundred paths of the greatest length, percent-encoded, fit in.
inline constexpr std::uint64_t most_configuration_bytes = std::uint64_t{1} << 20U;

/// The configuration as TOML 1.0 (https://toml.io): UTF-8, one `key = value` a line.
///
/// What is read back is what was written, to the last bit and byte. A text that is not UTF-8, which
/// TOML cannot hold, is `key = {percent-encoded = "caf%E9"}`, as RFC 3986 has it.
/// @throws Error(usage) where a key is none, or is there twice
[[nodiscard]] std::string toml_text(const Configuration& configuration);

/// Reads flat TOML: a key is an option, a value text, a whole number, a number, true or false.
///
/// A text whose first line begins with `# fallline 0.1.` is read as version 0.1 wrote it, line by
/// line and without escapes: `key = "value"`, `key = 'value'`, where the value has double quotes,
/// or `key = value`, for numbers and truth. There every value is a text.
/// @param file  what errors call it
/// @throws Error(bad_input) with the line that is none of this, or whose number does not fit in 64
///         bits
[[nodiscard]] Configuration parse_configuration(std::string_view text, const std::string& file);

/// The same of a file. @throws Error(bad_input), also where it has more than
/// `most_configuration_bytes` or is no regular file
[[nodiscard]] Configuration read_configuration(const std::filesystem::path& file);

/// A value as a person writes it on a command line: numbers in as few digits as tell them from all
/// others.
[[nodiscard]] std::string text_of(const ConfigurationValue& value);

}  // namespace fallline
