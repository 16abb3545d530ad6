#include <algorithm>
#include <fallline/objective/confusion.hpp>
#include <limits>
#include <tuple>
#include <utility>

#include "objective/confusion_counter.hpp"

namespace fallline {
namespace {

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::pair<std::uint32_t, std::uint32_t> place_of(const Confusion::Pair& pair) {
  return {pair.own, pair.predicted};
}

/// Sorts, and makes one of those that have one place.
void add_up(std::vector<Confusion::Pair>& pairs) {
  std::ranges::sort(pairs, {}, place_of);
  std::size_t kept = 0;
  for (const Confusion::Pair& pair : pairs) {
    if (kept > 0 && place_of(pairs[kept - 1]) == place_of(pair))
      pairs[kept - 1].examples += pair.examples;
    else
      pairs[kept++] = pair;
  }
  pairs.resize(kept);
}

}  // namespace

std::optional<double> ClassFigures::precision() const {
  if (examples == 0 || predicted == 0) return std::nullopt;
  return ratio(correct, predicted);
}

std::optional<double> ClassFigures::recall() const {
  if (examples == 0) return std::nullopt;
  return ratio(correct, examples);
}

Confusion::Confusion(std::size_t classes, std::vector<Pair> pairs)
    : pairs_(std::move(pairs)), figures_(classes) {
  add_up(pairs_);
  for (const Pair& pair : pairs_) {
    figures_[pair.own].examples += pair.examples;
    figures_[pair.predicted].predicted += pair.examples;
    if (pair.own == pair.predicted) figures_[pair.own].correct = pair.examples;
  }
}

std::size_t Confusion::operator()(std::size_t own, std::size_t predicted) const {
  const std::pair place{static_cast<std::uint32_t>(own), static_cast<std::uint32_t>(predicted)};
  const auto found = std::ranges::lower_bound(pairs_, place, {}, place_of);
  return found != pairs_.end() && place_of(*found) == place ? found->examples : 0;
}

std::vector<std::vector<std::size_t>> Confusion::matrix() const {
  std::vector all(classes(), std::vector<std::size_t>(classes()));
  for (const Pair& pair : pairs_) all[pair.own][pair.predicted] = pair.examples;
  return all;
}

std::vector<Confusion::Pair> Confusion::largest_mistakes(std::size_t most) const {
  std::vector<Pair> wrong;
  std::ranges::copy_if(pairs_, std::back_inserter(wrong),
                       [](const Pair& pair) { return pair.own != pair.predicted; });
  const auto end = wrong.begin() + static_cast<std::ptrdiff_t>(std::min(most, wrong.size()));
  const auto by_size = [](const Pair& pair) {
    return std::tuple(std::numeric_limits<std::uint64_t>::max() - pair.examples, pair.own,
                      pair.predicted);
  };
  std::ranges::partial_sort(wrong, end, {}, by_size);
  wrong.erase(end, wrong.end());
  return wrong;
}

std::uint64_t Confusion::bytes(std::size_t classes, std::size_t examples) {
  const bool dense = classes <= ConfusionCounter::most_counted;
  const std::uint64_t places = std::uint64_t{classes} * classes;
  const std::uint64_t pairs = dense ? places : std::min<std::uint64_t>(places, examples);
  // Besides those of the result as many again while they are counted, in vectors that double.
  return pairs * 3 * sizeof(Pair) + ConfusionCounter::most_waiting * sizeof(Pair) +
         classes * sizeof(ClassFigures);
}

void ConfusionCounter::add(std::size_t own, std::size_t predicted) {
  if (!counts_.empty()) {
    ++counts_[own * classes_ + predicted];
    return;
  }
  pairs_.push_back({.own = static_cast<std::uint32_t>(own),
                    .predicted = static_cast<std::uint32_t>(predicted),
                    .examples = 1});
  if (pairs_.size() < 2 * distinct_ + most_waiting) return;
  add_up(pairs_);
  distinct_ = pairs_.size();
}

Confusion ConfusionCounter::finish() && {
  for (std::size_t at = 0; at < counts_.size(); ++at)
    if (counts_[at] != 0)
      pairs_.push_back({.own = static_cast<std::uint32_t>(at / classes_),
                        .predicted = static_cast<std::uint32_t>(at % classes_),
                        .examples = counts_[at]});
  return {classes_, std::move(pairs_)};
}

}  // namespace fallline
