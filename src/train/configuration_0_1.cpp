#include "train/configuration_0_1.hpp"

#include <fallline/error.hpp>
#include <optional>

#include "data/text.hpp"

// Version 0.1 put a value between double quotes, or between single ones where it has a double
// quote in it, and knew no escapes: also a line break stands there as it is. Numbers, true and
// false stand without quotes.

namespace fallline {
namespace {

using data::trimmed;

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return trimmed(line);
}

/// Whether nothing but a comment follows a value.
bool ends_there(std::string_view rest) {
  rest = without_end(rest);
  return rest.empty() || rest.starts_with('#');
}

/// Lines with `key = value`, of which one may go on in the next.
class Lines01 {
 public:
  Lines01(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  Configuration read() {
    Configuration all;
    while (!rest_.empty()) {
      const std::string_view line = without_end(next());
      if (line.empty() || line.starts_with('#')) continue;
      all.entries.push_back(entry(line));
    }
    return all;
  }

 private:
  std::string_view next() {
    ++row_;
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }

  ConfigurationEntry entry(std::string_view line) {
    const std::uint64_t row = row_;
    const std::size_t equals = line.find('=');
    if (equals == 0 || equals == std::string_view::npos || line.starts_with('['))
      refuse(row, "is no 'option = value'");
    ConfigurationEntry entry{
        .key = std::string(trimmed(line.substr(0, equals))), .value = {}, .line = row};
    const std::string_view value = trimmed(line.substr(equals + 1));
    entry.value = value.starts_with('"') || value.starts_with('\'')
                      ? quoted(std::string(value.substr(1)), value.front())
                      : std::string(trimmed(value.substr(0, value.find('#'))));
    return entry;
  }

  std::string quoted(std::string text, char mark) {
    const std::uint64_t row = row_;
    std::size_t line = 0;  // where the last one begins: the closing quote is on it
    while (true) {
      if (const auto end = end_of(std::string_view(text).substr(line), mark))
        return text.substr(0, line + *end);
      if (mark == '"' && text.find(mark, line) != std::string::npos)
        refuse(row, "has text after the closing quote");
      if (rest_.empty()) refuse(row, "has quotes that do not end");
      text += '\n';
      line = text.size();
      text += next();
    }
  }

  /// Where the closing quote is on a line. Between single quotes there may be others: it is the
  /// last.
  static std::optional<std::size_t> end_of(std::string_view line, char mark) {
    const std::size_t first = line.find(mark);
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t last = mark == '"' ? first : line.rfind(mark);
    if (without_end(line.substr(last + 1)).empty()) return last;
    if (ends_there(line.substr(first + 1))) return first;
    return std::nullopt;
  }

  [[noreturn]] void refuse(std::uint64_t row, const char* problem) const {
    throw bad_input({.file = file_, .row = row}, problem,
                    "the first line says that version 0.1 wrote it, which has lines 'option = "
                    "value' and knows no escapes; TOML is read without that line");
  }

  std::string_view rest_;
  const std::string& file_;
  std::uint64_t row_ = 0;
};

}  // namespace

bool is_configuration_0_1(std::string_view text) { return text.starts_with("# fallline 0.1."); }

Configuration parse_configuration_0_1(std::string_view text, const std::string& file) {
  return Lines01(text, file).read();
}

}  // namespace fallline
