#pragma once

#include <chrono>
#include <string>

namespace fallline::tool {

/// What share of a long computation is done, with the time left, on a line of standard error that
/// replaces itself; nowhere where that is no terminal, or not wanted.
class Progress {
 public:
  Progress(std::string what, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `share` of it is done, 0 to 1. Ten times a second at most it is shown.
  void operator()(double share);

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  bool shown_;
  bool begun_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
};

}  // namespace fallline::tool
