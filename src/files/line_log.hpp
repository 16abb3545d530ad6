#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "files/atomic_file.hpp"

namespace fallline {

/// A file of lines that grows beside something more important: where it cannot grow, it is given
/// up, and nothing is thrown. What was written until then, whole lines, stays under its partial
/// name.
class LineLog {
 public:
  /// @throws Error(output) where it cannot be created
  explicit LineLog(std::filesystem::path path) { file_.emplace(std::move(path)); }

  /// Appends a line and its end.
  void add(std::string line);
  /// Hands what is buffered on, so that others can read it along.
  void flush();
  /// Gives it its final name.
  void commit();
  /// Gives its room back, where it has any that it has not yet a final name for.
  bool discard();

  /// Why it was given up; nothing while all is well.
  [[nodiscard]] const std::optional<std::string>& trouble() const { return trouble_; }
  /// Where what was written before that still lies; empty: nowhere.
  [[nodiscard]] std::string beginning() const;

 private:
  template <class Write>
  void attempt(Write write);
  void give_up(std::string why);

  std::optional<AtomicFile> file_;
  std::filesystem::path left_;  ///< what was given up
  std::optional<std::string> trouble_;
};

}  // namespace fallline
