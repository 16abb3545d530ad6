#pragma once

#include <fallline/error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fallline {

/// Keeps a process alive whose data are taken away under it.
///
/// Files are mapped and read where they lie. Where one becomes shorter meanwhile, or its disk
/// fails, the system ends whoever reads the place with SIGBUS. While there is a guard, zeros are
/// put there instead, and whatever reads examples next (a step, an evaluation, a prediction, a
/// search, `open`) throws Error(bad_input) that names the file: nothing is computed from the zeros
/// that anyone sees. `train` tells its listeners of the weights from before first.
///
/// The guard is a handler of SIGBUS, which belongs to the program: the library makes none by
/// itself. A SIGBUS from anywhere else goes to the handler from before, or ends the process as it
/// would have. Guards may be nested; the last to go puts back what was there before the first.
class MappingGuard {
 public:
  MappingGuard();
  ~MappingGuard();
  MappingGuard(const MappingGuard&) = delete;
  MappingGuard& operator=(const MappingGuard&) = delete;

  /// What is thrown, once a file was lost.
  [[nodiscard]] static std::optional<Error> lost();
};

/// Files that are mapped, or were, and whose size or time of change is another than when they were
/// opened: what was read of them may be neither the old nor the new.
[[nodiscard]] std::vector<std::string> changed_files();
/// The same, each told once.
[[nodiscard]] std::vector<std::string> take_changed_files();

}  // namespace fallline
