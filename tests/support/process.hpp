#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/scratch.hpp"

namespace fallline::test {

/// What a finished program left.
struct Outcome {
  int status = -1;  ///< exit status, or −signal
  std::string out;
  std::string err;
  long peak_kib = 0;  ///< largest resident set
};

/// A program under way in a directory; its output goes to files beside that directory's.
class Process {
 public:
  Process(const std::filesystem::path& directory, std::vector<std::string> words)
      : out_(directory / "stdout.txt"), err_(directory / "stderr.txt") {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("no new process");
    if (pid_ > 0) return;
    redirect(out_, STDOUT_FILENO);
    redirect(err_, STDERR_FILENO);
    if (::chdir(directory.c_str()) == 0) ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  void send(int signal) const { ::kill(pid_, signal); }

  /// Waits until `holds()`, however long that takes. False where the program ended before.
  template <class Condition>
  [[nodiscard]] bool until(Condition holds) const {
    while (!holds()) {
      if (ended()) return holds();
      ::usleep(2000);
    }
    return true;
  }

  /// Whether a handler of its own awaits `signal`; what it sends then is a message, not the end.
  [[nodiscard]] bool handles(int signal) const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    const std::string mark = "SigCgt:";
    for (std::string line; std::getline(status, line);)
      if (line.starts_with(mark))
        return (std::stoull(line.substr(mark.size()), nullptr, 16) >> (signal - 1) & 1) != 0;
    return false;
  }

  /// What it has written on standard error until now.
  [[nodiscard]] std::string told() const { return content(err_); }

  /// Waits for the end.
  Outcome wait() {
    int status = 0;
    rusage usage{};
    while (::wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
            .out = content(out_),
            .err = content(err_),
            .peak_kib = usage.ru_maxrss};
  }

 private:
  [[nodiscard]] bool ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }

  static void redirect(const std::filesystem::path& file, int descriptor) {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(opened, descriptor);
  }

  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
};

}  // namespace fallline::test
