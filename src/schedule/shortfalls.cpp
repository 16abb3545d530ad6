#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fallline/schedule/compose.hpp>
#include <fallline/schedule/shortfalls.hpp>
#include <fallline/schedule/staircase.hpp>
#include <fallline/schedule/warm_up.hpp>
#include <limits>

namespace fallline {
namespace schedule {
namespace {

/// One part of a schedule, with the steps of the run that it is for.
struct Piece {
  Schedule rule;  ///< without its length
  std::uint64_t first = 0;
  std::uint64_t length = 0;  ///< the largest number: to the end of the run, whenever that is
};

constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();

void take_apart(const Schedule& schedule, std::uint64_t steps_per_epoch,
                std::vector<Piece>& pieces) {
  if (const auto* then = schedule.target<Then>()) {
    take_apart(then->first, steps_per_epoch, pieces);
    take_apart(then->second, steps_per_epoch, pieces);
    return;
  }
  const std::uint64_t before = pieces.empty() ? 0 : pieces.back().first;
  const std::uint64_t taken = pieces.empty() ? 0 : pieces.back().length;
  Piece piece{.rule = schedule,
              .first = taken > endless - before ? endless : before + taken,
              .length = endless};
  if (const auto* lasting = schedule.target<Lasting>()) {
    piece.rule = lasting->schedule;
    piece.length = lasting->length.in_steps(steps_per_epoch);
  }
  pieces.push_back(std::move(piece));
}

std::string name_of(const Piece& piece) {
  const std::string text = piece.rule.text();
  const std::string name = text.substr(0, text.find(':'));
  return name == "warmup" ? "warm-up" : name;
}

/// The run ends within `piece`, which has another `length` than what is left of the run for it.
std::string cut_short(const Piece& piece, std::uint64_t steps, std::uint64_t steps_per_epoch) {
  const std::uint64_t left = steps - piece.first;
  std::string lengths = piece.first == 0 ? fmt::format("the run has {} steps, the {} {}", steps,
                                                       name_of(piece), piece.length)
                                         : fmt::format("the run has {} steps left for the {} of {}",
                                                       left, name_of(piece), piece.length);
  if (piece.rule.target<WarmUp>() == nullptr) return lengths;
  const Moment last{.step = left, .steps_per_epoch = steps_per_epoch, .steps = piece.length};
  return fmt::format("{}: {} {:.2g} % of the base rate", lengths,
                     piece.first == 0 ? "the rate never gets beyond" : "it gets no further than to",
                     100 * piece.rule.rate(1, last));
}

/// Of a staircase, where it lasts for less than the epochs to its first drop.
std::string without_a_step(const Piece& piece, std::uint64_t steps, std::uint64_t steps_per_epoch) {
  const auto* staircase = piece.rule.target<Staircase>();
  if (staircase == nullptr) return {};
  const std::uint64_t drop = staircase->every != 0 ? staircase->every : staircase->at.front();
  const std::uint64_t lasts = std::min(piece.length, steps - piece.first);
  const std::uint64_t epochs = (lasts + steps_per_epoch - 1) / steps_per_epoch;
  if (epochs > drop) return {};
  return fmt::format(
      "the staircase lasts {} epochs, and its first drop is after {}: it never drops", epochs,
      drop);
}

}  // namespace
}  // namespace schedule

std::vector<std::string> shortfalls(const Schedule& schedule, std::uint64_t steps,
                                    std::uint64_t steps_per_epoch) {
  if (steps == 0 || steps_per_epoch == 0) return {};
  std::vector<schedule::Piece> pieces;
  schedule::take_apart(schedule, steps_per_epoch, pieces);
  std::vector<std::string> found;
  std::vector<std::string> never;
  const schedule::Piece* last = nullptr;
  for (const schedule::Piece& piece : pieces) {
    if (piece.first >= steps) {
      never.push_back("the " + schedule::name_of(piece));
      continue;
    }
    last = &piece;
    if (std::string flat = schedule::without_a_step(piece, steps, steps_per_epoch); !flat.empty())
      found.push_back(std::move(flat));
  }
  const bool cut = last->length != schedule::endless && last->length > steps - last->first;
  const bool warming = cut && last->rule.target<schedule::WarmUp>() != nullptr;
  if (never.empty() && !warming) return found;
  std::string sentence = cut ? schedule::cut_short(*last, steps, steps_per_epoch)
                             : fmt::format("the run has {} steps", steps);
  if (!never.empty())
    sentence += fmt::format("{} {} never begin{}", warming ? ", and" : ":",
                            fmt::join(never, " and "), never.size() == 1 ? "s" : "");
  found.push_back(std::move(sentence));
  return found;
}

}  // namespace fallline
