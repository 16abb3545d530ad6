#define TOML_HEADER_ONLY 1
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/train/configuration.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "data/cell_value.hpp"
#include "data/text.hpp"
#include "files/regular_file.hpp"
#include "train/configuration_0_1.hpp"
#include "utf8.hpp"

namespace fallline {
namespace {

constexpr const char* encoded_key = "percent-encoded";
constexpr const char* advice_on_lines =
    "a configuration has lines 'option = value', as a run.toml has; texts stand in quotes";

/// Bytes that are no plain ASCII as %XX (RFC 3986, section 2.1).
std::string percent_encoded(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F || c == '%')
      text += fmt::format("%{:02X}", byte);
    else
      text += c;
  }
  return text;
}

std::optional<int> digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

/// Nothing where a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? digit_of(text[i + 1]) : std::nullopt;
    const auto low = high ? digit_of(text[i + 2]) : std::nullopt;
    if (!low) return std::nullopt;
    bytes += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return bytes;
}

/// Text on one line, in double quotes.
std::string in_quotes(std::string text) {
  const toml::value<std::string> node(std::move(text));
  std::ostringstream out;
  out << toml::toml_formatter(node, toml::format_flags::allow_unicode_strings);
  return out.str();
}

std::string written(const std::string& text) {
  if (!first_not_utf8(text)) return in_quotes(text);
  return fmt::format("{{{} = {}}}", encoded_key, in_quotes(percent_encoded(text)));
}

std::string written(std::int64_t value) { return fmt::format("{}", value); }
std::string written(bool value) { return value ? "true" : "false"; }

/// In as few digits as tell it from all others; the library would take 17.
std::string written(double value) {
  std::string digits = fmt::format("{}", value);
  // Without a point or a letter (of an exponent, inf, nan) it would be a whole number.
  return digits.find_first_not_of("-0123456789") == std::string::npos ? digits + ".0" : digits;
}

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// Refuses what is no flat TOML before the parser sees it, which goes as deep as a text says and
/// (in version 3.3) asserts that a key begins as one: tables, lists, keys of several parts, and
/// outside quotes and comments what is not ASCII.
class Outline {
 public:
  Outline(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  void look() {
    while (at_ < text_.size()) step();
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      if (!fresh_) refuse("has a quote within a value");
      fresh_ = false;
      return pass_string(c);
    }
    if (c == '#') return pass_comment();
    if (c == '\n') end_line();
    if (c == '=') value_ = true;
    if (c == '[') refuse("has a bracket outside quotes, of a table or a list");
    if (c == '{') open_table();
    if ((c == '.' && (!value_ || table_)) || (c == ',' && table_)) refuse("is nested");
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x7F || (code < 0x20 && c != '\t' && c != '\r' && c != '\n'))
      refuse("has a character outside quotes that is no plain ASCII");
    if (c != ' ' && c != '\t') fresh_ = c == '=' || c == '{' || c == '\n';
    ++at_;
  }

  void pass_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void end_line() {
    ++row_;
    value_ = false;
    table_ = false;
  }

  /// The one table that there may be.
  void open_table() {
    const std::size_t key = text_.find_first_not_of(" \t", at_ + 1);
    const bool ours = key != std::string_view::npos && text_.substr(key).starts_with(encoded_key);
    if (!value_ || table_ || !ours) refuse("has a table, where an option has one value");
    table_ = true;
  }

  [[noreturn]] void refuse(const char* problem) const {
    throw bad_input({.file = file_, .row = row_}, problem, advice_on_lines);
  }

  void pass_string(char mark) {
    const std::string three(3, mark);
    const bool lines = text_.substr(at_).starts_with(three);
    const std::string_view end =
        lines ? std::string_view(three) : std::string_view(three).substr(2);
    at_ += end.size();
    while (at_ < text_.size() && !text_.substr(at_).starts_with(end)) {
      if (text_[at_] == '\n') {
        if (!lines) return;  // a mistake, which the parser names
        ++row_;
      }
      at_ += mark == '"' && text_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_ + end.size(), text_.size());
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::uint64_t row_ = 1;
  bool value_ = false;  // whether a = came before on the line
  bool table_ = false;
  bool fresh_ = true;  // whether a text may begin here
};

/// Takes the values out of a parsed table, in the order of the file.
class Entries {
 public:
  Entries(std::string_view text, const std::string& file) : file_(file) {
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines_.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  Configuration read(const toml::table& table) const {
    Configuration all;
    for (const auto& [key, node] : table)
      all.entries.push_back({.key = std::string(key.str()),
                             .value = value_of(key, node),
                             .line = key.source().begin.line});
    std::ranges::stable_sort(all.entries, {}, &ConfigurationEntry::line);
    return all;
  }

 private:
  ConfigurationValue value_of(const toml::key& key, const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* whole = node.as_integer()) return whole->get();
    if (const auto* number = node.as_floating_point()) {
      if (number->get() == 0 && !says_nothing(node.source())) refuse(key, "is too small a number");
      return number->get();
    }
    if (const auto* truth = node.as_boolean()) return truth->get();
    if (const auto* table = node.as_table()) return decoded(key, *table);
    refuse(key, "is neither text, number, true nor false");
  }

  /// Whether a number that was read as 0 is written as one.
  [[nodiscard]] bool says_nothing(const toml::source_region& place) const {
    const std::string_view rest = lines_.at(place.begin.line - 1).substr(place.begin.column - 1);
    return !data::is_not_zero(rest.substr(0, rest.find('#')));
  }

  std::string decoded(const toml::key& key, const toml::table& table) const {
    const auto* text = table.size() == 1 ? table.get_as<std::string>(encoded_key) : nullptr;
    if (text == nullptr) refuse(key, "is a table, where an option has one value");
    auto bytes = percent_decoded(text->get());
    if (!bytes) refuse(key, "has a % without two hexadecimal digits");
    return *std::move(bytes);
  }

  [[noreturn]] void refuse(const toml::key& key, const char* problem) const {
    throw bad_input({.file = file_, .row = key.source().begin.line},
                    fmt::format("'{}' {}", key.str(), problem), advice_on_lines);
  }

  std::vector<std::string_view> lines_;
  const std::string& file_;
};

}  // namespace

std::string toml_text(const Configuration& configuration) {
  std::string text;
  if (!configuration.title.empty()) {
    text = "# " + configuration.title + '\n';
    std::ranges::replace_if(
        text.begin(), text.end() - 1,
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  }
  std::set<std::string_view> known;
  for (const ConfigurationEntry& entry : configuration.entries) {
    if (!is_bare_key(entry.key) || !known.insert(entry.key).second)
      throw usage_error(fmt::format("'{}' cannot be the key of a configuration", entry.key),
                        "use letters, digits, - and _, and each once");
    text += entry.key + " = " +
            std::visit([](const auto& value) { return written(value); }, entry.value) + '\n';
  }
  return text;
}

Configuration parse_configuration(std::string_view text, const std::string& file) {
  if (text.starts_with(data::byte_order_mark)) text.remove_prefix(data::byte_order_mark.size());
  if (is_configuration_0_1(text)) return parse_configuration_0_1(text, file);
  Outline(text, file).look();
  try {
    return Entries(text, file).read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    throw bad_input({.file = file, .row = error.source().begin.line},
                    "is no TOML: " + std::string(error.description()), advice_on_lines);
  }
}

Configuration read_configuration(const std::filesystem::path& file) {
  return parse_configuration(read_small_file(file, most_configuration_bytes, 0), file.string());
}

std::string text_of(const ConfigurationValue& value) {
  return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

}  // namespace fallline
