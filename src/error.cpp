#include <fmt/format.h>

#include <fallline/error.hpp>
#include <utility>

namespace fallline {
namespace {

std::string message(const Where& where, const std::string& problem, const std::string& advice) {
  std::string text = where.file;
  const auto add = [&text](const char* label, std::optional<std::uint64_t> value,
                           const char* glue) {
    if (value) text += fmt::format("{}{} {}", text.empty() ? "" : glue, label, *value);
  };
  add("row", where.row, ": ");
  add("column", where.column, where.row ? ", " : ": ");
  add("byte", where.byte, ": ");
  if (!text.empty()) text += ": ";
  text += problem;
  if (!advice.empty()) text += "\n  " + advice;
  return text;
}

}  // namespace

Error::Error(ErrorKind kind, const Where& where, std::string problem, std::string advice)
    : std::runtime_error(message(where, problem, advice)),
      kind_(kind),
      where_(where),
      problem_(std::move(problem)),
      advice_(std::move(advice)) {}

Error bad_input(const Where& where, std::string problem, std::string advice) {
  return {ErrorKind::bad_input, where, std::move(problem), std::move(advice)};
}

Error usage_error(std::string problem, std::string advice) {
  return {ErrorKind::usage, std::move(problem), std::move(advice)};
}

}  // namespace fallline
