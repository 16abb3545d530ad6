#include "data/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <fallline/schedule/compose.hpp>
#include <fallline/schedule/cosine.hpp>
#include <fallline/schedule/exponential.hpp>
#include <fallline/schedule/inverse_sqrt.hpp>
#include <fallline/schedule/inverse_time.hpp>
#include <fallline/schedule/one_cycle.hpp>
#include <fallline/schedule/plateau.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/schedule/staircase.hpp>
#include <fallline/schedule/text.hpp>
#include <fallline/schedule/warm_up.hpp>

#include "schedule/row.hpp"

namespace fallline {
namespace schedule {
namespace {

// Their `file` is all that is read of them; the rest is in it.
Replay replayed(const Replay& asked) {
  if (asked.file.empty())
    throw usage_error("replay has no file", "name one: replay:file=runs/A/history.jsonl");
  return read_replay(asked.file);
}

// A new schedule is its header and one row here.
const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      row<Constant>("constant", "a0"),
      row<InverseTime>("inverse-time", "a0 / (1 + r epoch)",
                       {{"r", &InverseTime::r, "at least 0"}}),
      row<Exponential>("exponential", "a0 base^epoch", {{"base", &Exponential::base, "above 0"}}),
      row<InverseSqrtEpoch>("inverse-sqrt-epoch", "a0 k / sqrt(epoch)",
                            {{"k", &InverseSqrtEpoch::k, "above 0"}}),
      row<InverseSqrtStep>("inverse-sqrt-step", "a0 k / sqrt(step)",
                           {{"k", &InverseSqrtStep::k, "above 0"}}),
      row<Staircase>("staircase", "a0 factor^(drops so far)",
                     {{"every", &Staircase::every, "epochs from drop to drop, or"},
                      {"at", &Staircase::at, "the epochs after which it drops, as in 30/60"},
                      {"factor", &Staircase::factor, "above 0"}}),
      row<Cosine>("cosine", "a0 (final + (1-final) (1 + cos(pi x)) / 2), x from 0 to 1",
                  {{"final", &Cosine::final, "share of a0 at the last step, 0 to 1"}}),
      row<OneCycle>("one-cycle", "from a0 start up to a0, down to a0 start, then to a0 final",
                    {{"start", &OneCycle::start, "share of a0 at the first step, above 0 to 1"},
                     {"cycle", &OneCycle::cycle, "share of the steps for up and down"},
                     {"final", &OneCycle::final, "share of a0 at the last step, 0 to start"}}),
      row<WarmUp>("warmup", "a0 (start + (1-start) step/steps)",
                  {{"start", &WarmUp::start, "share of a0 to begin from, 0 to 1"}}),
      row<Plateau>("plateau", "a0 factor^(times the watched loss stopped falling)",
                   {{"factor", &Plateau::factor, "above 0, below 1"},
                    {"patience", &Plateau::patience, "epochs without a better loss, from 1"},
                    {"threshold", &Plateau::threshold, "share by which a better loss is lower"}}),
      row<Replay>("replay", "the rates of a record, step by step",
                  {{"file", &Replay::file, "a history.jsonl, or CSV with columns step and rate"}},
                  replayed),
  };
  return rows;
}

const Row& row_named(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Row& row : table()) {
    if (row.info.name == name) return row;
    names.emplace_back(row.info.name);
  }
  throw usage_error(fmt::format("there is no schedule {}", data::shown(name)),
                    did_you_mean(name, names) + fmt::format("choose {}", fmt::join(names, ", ")));
}

/// Takes the length, which every schedule may have, out of the settings.
Length take_length(Words& words) {
  Length length;
  std::erase_if(words.settings, [&](const auto& setting) {
    const auto& [key, value] = setting;
    if (key != "steps" && key != "epochs") return false;
    read(value, fmt::format("{} of {}", key, words.name),
         key == "steps" ? length.steps : length.epochs);
    return true;
  });
  return length;
}

Schedule part_of(std::string_view text) {
  Words words = words_of(text);
  const Row& row = row_named(words.name);
  const Length length = take_length(words);
  Schedule schedule = row.make(words);
  return length == Length{} ? schedule : lasting(std::move(schedule), length);
}

std::string text_of(const Lasting& lasting) {
  const std::string text = lasting.schedule.text();
  const bool steps = lasting.length.steps != 0;
  return fmt::format("{}{}{}={}", text, text.find(':') == std::string::npos ? ':' : ',',
                     steps ? "steps" : "epochs",
                     steps ? lasting.length.steps : lasting.length.epochs);
}

}  // namespace

void refuse_key(std::string_view key, const ScheduleInfo& info) {
  std::vector<std::string_view> known;
  for (const ScheduleInfo::Parameter& parameter : info.parameters)
    known.emplace_back(parameter.name);
  known.insert(known.end(), {"steps", "epochs"});
  throw usage_error(fmt::format("{} has no parameter {}", info.name, data::shown(key)),
                    did_you_mean(key, known) + fmt::format("it has {}", fmt::join(known, ", ")));
}

}  // namespace schedule

Schedule parse_schedule(std::string_view text) {
  std::optional<Schedule> whole;
  const auto parts = schedule::cut(text, " then ");
  // What asks a schedule of parts goes down through all of them.
  constexpr std::size_t most_parts = 1000;
  if (parts.size() > most_parts)
    throw usage_error(fmt::format("the schedule has {} parts", parts.size()),
                      fmt::format("give {} at the most, or a replay of a record", most_parts));
  for (const std::string_view part : parts) {
    Schedule next = schedule::part_of(part);
    whole = whole ? schedule::then(*std::move(whole), std::move(next)) : std::move(next);
  }
  return *std::move(whole);
}

std::string Schedule::text() const {
  if (const auto* lasting = target<schedule::Lasting>()) return schedule::text_of(*lasting);
  if (const auto* then = target<schedule::Then>())
    return then->first.text() + " then " + then->second.text();
  for (const schedule::Row& row : schedule::table())
    if (auto text = row.text(*this)) return *std::move(text);
  return "user-defined";
}

std::vector<ScheduleInfo> schedules() {
  std::vector<ScheduleInfo> list;
  for (const schedule::Row& row : schedule::table()) list.push_back(row.info);
  return list;
}

}  // namespace fallline
