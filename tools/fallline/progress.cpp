#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <system_error>
#include <utility>

namespace fallline::tool {

Progress::Progress(std::string what, bool quiet)
    : what_(std::move(what)), shown_(!quiet && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (begun_) (void)std::fputs("\r\x1b[K", stderr);
}

void Progress::operator()(double share) {
  const auto now = Clock::now();
  if (!shown_ || now < next_ || share <= 0) return;
  next_ = now + std::chrono::milliseconds(100);
  begun_ = true;
  const double spent = std::chrono::duration<double>(now - start_).count();
  // A reader that goes away ends the narration, not the computation.
  try {
    fmt::print(stderr, "\r\x1b[K{:<8} {:.0f} %  {:.0f} s left", what_, 100 * share,
               spent * (1 - share) / share);
    std::fflush(stderr);
  } catch (const std::system_error&) {
    shown_ = false;
  }
}

}  // namespace fallline::tool
