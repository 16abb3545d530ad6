#include "files/line_log.hpp"

#include <fallline/error.hpp>
#include <system_error>
#include <utility>

namespace fallline {

void LineLog::add(std::string line) {
  line += '\n';
  attempt([&] { file_->write(line); });
}

void LineLog::flush() {
  attempt([&] { file_->flush(); });
}

void LineLog::commit() {
  attempt([&] {
    file_->commit();
    file_.reset();
  });
}

bool LineLog::discard() {
  if (file_) {
    file_.reset();
    if (!trouble_) trouble_ = "its room was needed";
    return true;
  }
  std::error_code ignored;
  return !left_.empty() && std::filesystem::remove(std::exchange(left_, {}), ignored);
}

std::string LineLog::beginning() const { return left_.filename().string(); }

template <class Write>
void LineLog::attempt(Write write) {
  if (!file_) return;
  try {
    write();
  } catch (const Error& error) {
    give_up(error.problem());
  }
}

void LineLog::give_up(std::string why) {
  trouble_ = std::move(why);
  left_ = file_->partial();
  file_->leave();
  file_.reset();
}

}  // namespace fallline
