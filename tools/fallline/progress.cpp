#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "narration.hpp"

namespace fallline::tool {

Progress::Progress(std::string what, bool quiet)
    : what_(std::move(what)), shown_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (begun_) tell("\r\x1b[K");
}

void Progress::operator()(double share) {
  const auto now = Clock::now();
  if (!shown_ || now < next_ || share <= 0) return;
  next_ = now + std::chrono::milliseconds(100);
  begun_ = true;
  const double spent = std::chrono::duration<double>(now - start_).count();
  tell("\r\x1b[K{:<8} {:.0f} %  {:.0f} s left", what_, 100 * share, spent * (1 - share) / share);
}

}  // namespace fallline::tool
