#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/scratch.hpp"

namespace fallline::test {

/// The `fallline` command in a scratch directory of its own.
class Tool {
 public:
  /// Runs `fallline WORDS…` to its end.
  Outcome operator()(std::vector<std::string> words) const {
    return start(std::move(words)).wait();
  }

  [[nodiscard]] Process start(std::vector<std::string> words) const {
    words.insert(words.begin(), FALLLINE_TOOL);
    return {scratch_.path(), std::move(words)};
  }

  /// `fallline train WORDS… --format json`, parsed; null where it is not one JSON object.
  nlohmann::json train(std::vector<std::string> words) const {
    words.insert(words.begin(), "train");
    words.insert(words.end(), {"--format", "json", "--quiet"});
    return nlohmann::json::parse((*this)(std::move(words)).out, nullptr, false);
  }

  /// The same with few pictures, where it does not matter what is learned from them.
  std::string tiny_set() const {
    (*this)({"data", "make", "tiny", "--train", "200", "--test", "50"});
    return "tiny";
  }

  [[nodiscard]] const Scratch& scratch() const { return scratch_; }

  /// A small picture set in CIFAR-10's layout, made by the program itself; its path.
  std::string small_set() const {
    (*this)({"data", "make", "small", "--train", "3000", "--test", "500"});
    return "small";
  }

 private:
  Scratch scratch_;
};

}  // namespace fallline::test
