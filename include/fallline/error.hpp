#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace fallline {

/// What went wrong, as coarse as a caller needs it to choose what to do.
enum class ErrorKind : std::uint8_t {
  usage,              ///< an option or argument outside its bounds
  bad_input,          ///< a file that is missing, unreadable or not what it says
  diverged,           ///< the loss or the weights became NaN or infinite
  not_enough_memory,  ///< refused before the run: it cannot fit
  output,             ///< a file could not be written
};

/// The place in a file that an error is about; only what is known is set. Rows, columns and lines
/// count from 1, bytes from 0.
struct Where {
  std::string file;
  std::optional<std::uint64_t> row = std::nullopt;
  std::optional<std::uint64_t> column = std::nullopt;
  std::optional<std::uint64_t> byte = std::nullopt;
};

/// The one exception fallline throws.
///
/// `what()` is one or two lines: `FILE: row R, column C: problem`, then an indented line that says
/// what to do. Nothing has been changed on disk when it is thrown.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const Where& where, std::string problem, std::string advice = {});
  Error(ErrorKind kind, std::string problem, std::string advice = {})
      : Error(kind, Where{}, std::move(problem), std::move(advice)) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const Where& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
  [[nodiscard]] const std::string& advice() const noexcept { return advice_; }

 private:
  ErrorKind kind_;
  Where where_;
  std::string problem_;
  std::string advice_;
};

/// A file that is not what it should be: `throw bad_input({.file = path, .row = 7}, "…", "…")`.
[[nodiscard]] Error bad_input(const Where& where, std::string problem, std::string advice = {});

/// An option or argument outside its bounds.
[[nodiscard]] Error usage_error(std::string problem, std::string advice = {});

}  // namespace fallline
