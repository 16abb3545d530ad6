#include "streams.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <iostream>
#include <system_error>

#include "command.hpp"

namespace fallline::tool {
namespace {

constexpr const char* no_output = "the results could not be written to standard output";

/// Once is enough: what is printed later fails as well.
bool said = false;

void say_once(const std::string& message) {
  if (!said) say(message);
  said = true;
}

}  // namespace

void secure_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one. In the wrong direction, so that its use fails.
    const int direction = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", direction) < 0) (void)::open("/", O_RDONLY | O_DIRECTORY);
  }
  (void)std::signal(SIGXFSZ, SIG_IGN);
}

bool results_arrived() {
  std::cout.flush();
  const bool flushed = std::fflush(stdout) == 0;
  const int error = errno;
  if (flushed && std::ferror(stdout) == 0 && std::cout.good()) return true;
  say_once(flushed ? no_output : fmt::format("{}: {}", no_output, std::strerror(error)));
  return false;
}

bool deliver(std::initializer_list<std::function<void()>> ways) {
  bool all = true;
  for (const auto& way : ways) {
    try {
      way();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::output) throw;
      say(error.what());
      all = false;
    } catch (const std::system_error& error) {  // of a stream that cannot be written
      say_once(fmt::format("{}: {}", no_output, error.code().message()));
      all = false;
    }
  }
  return results_arrived() && all;
}

void require_chart(const std::string& file) {
  if (!file.empty()) LineChart::require_place(file);
}

bool whole(const std::vector<std::string>& missing, const std::string& directory) {
  if (missing.empty()) return true;
  say(fmt::format("{} is not complete:\n  {}", directory, fmt::join(missing, "\n  ")));
  return false;
}

}  // namespace fallline::tool
