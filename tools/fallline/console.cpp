#include "console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fallline/memory.hpp>
#include <fallline/schedule/shortfalls.hpp>

#include "narration.hpp"

namespace fallline::tool {
namespace {

/// Rises that are shown one by one; the rest are only counted.
constexpr std::uint64_t shown_rises = 3;

std::string clear_line(bool terminal) { return terminal ? "\r\x1b[K" : ""; }

std::string figures(const std::optional<Measure>& measure) {
  return measure ? fmt::format("{:>#10.5g} {:>8.2f} %", measure->loss, 100 * measure->accuracy())
                 : std::string(21, ' ');
}

std::string line_of(const EpochEnded& e) {
  return fmt::format("{:>6} {} {} {:>9.2f}{}", e.epoch, figures(e.training), figures(e.validation),
                     e.seconds, e.best ? "  best" : "");
}

std::string rate_of(const Plan& p) {
  switch (p.rate_source) {
    case RateSource::line_search:
      return "steps by line search";
    case RateSource::curvature:
      return fmt::format("learning rate {:.4g} (from the curvature)", p.learning_rate);
    case RateSource::features:
      return fmt::format("learning rate {:.4g} (from the features)", p.learning_rate);
    case RateSource::custom:
      return fmt::format("learning rate {:.4g} (customary)", p.learning_rate);
    case RateSource::given:
      break;
  }
  return fmt::format("learning rate {:.4g}", p.learning_rate);
}

}  // namespace

Console::Console(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

void Console::on(const Event& event) {
  if (const auto* rise = std::get_if<CostRose>(&event)) return warn(*rise);
  if (quiet_) return;
  if (const auto* started = std::get_if<RunStarted>(&event)) begin(started->plan);
  if (const auto* ended = std::get_if<EpochEnded>(&event)) {
    if (ended->epoch >= next_row_) {
      row(*ended);
    } else {
      unprinted_ = *ended;
      progress(*ended);
    }
  }
  if (std::holds_alternative<RunEnded>(event) && unprinted_) row(*unprinted_);
}

void Console::begin(const Plan& p) {
  const TrainOptions& o = p.options;
  tell("model    {}, {} parameters, {} loss, features: {}\n",
       p.network.linear() ? "linear" : p.options.model, p.parameters, name_of(o.loss.kind),
       name_of(p.preprocessing));
  if (!o.penalty.none()) tell("penalty  {:g} |W|^2/2 + {:g} |W|_1\n", o.penalty.l2, o.penalty.l1);
  const Schedule schedule = o.schedule_in_force();
  const bool constant = schedule.target<schedule::Constant>() != nullptr;
  tell("descent  {}, {}{}, batches of {}, {} steps x {} epochs\n", o.optimizer.name, rate_of(p),
       constant ? "" : ", " + schedule.text(), p.batch_size, p.steps_per_epoch, p.epochs);
  for (const std::string& note : shortfalls(schedule, p.steps(), p.steps_per_epoch))
    tell("note     {}\n", note);
  tell("parts    {} to train, {} to validate, {} to test\n", p.examples, p.validation_examples,
       p.test_examples);
  tell("machine  {} threads, {}, steps in {}s, {} of memory with the data\n\n", p.threads,
       p.instruction_set, name_of(p.arithmetic), format_bytes(p.memory_bytes));
  tell("{:>6} {:>10} {:>10} {:>10} {:>10} {:>9}\n", "epoch", "loss", "accuracy",
       p.validation_examples == 0 ? "" : "val loss", p.validation_examples == 0 ? "" : "accuracy",
       "seconds");
}

void Console::row(const EpochEnded& ended) {
  tell("{}{}\n", clear_line(terminal_), line_of(ended));
  unprinted_.reset();
  while (next_row_ <= ended.epoch) next_row_ = std::max(next_row_ + 1, next_row_ * 3 / 2);
}

void Console::progress(const EpochEnded& ended) {
  if (!terminal_) return;
  const auto left = static_cast<double>(ended.epochs - ended.epoch);
  tell("{}{}  {:.0f} s left", clear_line(true), line_of(ended),
       left * ended.seconds / static_cast<double>(ended.epoch));
}

void Console::warn(const CostRose& rise) {
  if (++rises_ > shown_rises) return;
  tell(
      "{}warning: the cost rose from {:.6g} to {:.6g} at step {}: learning rate {:.4g} is "
      "too high{}\n",
      clear_line(terminal_), rise.before, rise.after, rise.step, rise.rate,
      rises_ == shown_rises ? " (further rises are only counted)" : "");
}

void warn_of_run(const std::string& message) { tell("warning: {}\n", message); }

void narrate(const std::vector<std::string>& notes, bool quiet) {
  if (quiet) return;
  for (const std::string& note : notes) tell("note     {}\n", note);
}

void warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) tell("warning  {}\n", warning);
}

void narrate_data(const Dataset& data, const std::string& format, bool quiet) {
  if (quiet) return;
  const std::string kind = data.name() == format ? "" : " (" + format + ")";
  tell("data     {}{}: {}\n", data.name(), kind, describe(data));
}

std::string describe(const Dataset& data) {
  const std::string features = data.shape()
                                   ? fmt::format("{}x{}x{}", data.shape()->height,
                                                 data.shape()->width, data.shape()->channels)
                                   : fmt::format("{} features,", data.features());
  return fmt::format("{} examples of {} {} in {} classes", data.size(), features,
                     data.cells() == CellType::u8 ? "bytes" : "floats", data.classes());
}

std::string csv_cell(const std::string& text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  const bool trimmed = !text.empty() && (blank(text.front()) || blank(text.back()));
  if (!trimmed && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? "\"\"" : std::string(1, c);
  return cell + '"';
}

std::string certificate_line(const Certificate& c) {
  if (c.evaluations == 0) return "interrupted before there was a bound";
  const std::string share =
      std::isfinite(c.share())
          ? fmt::format("within {:.2g} % of the best possible objective", 100 * c.share())
          : std::string("no bound above 0 was found");
  return fmt::format("{}: it is {:.6g}, none is below {:.6g} ({} evaluations, {:.1f} s{})", share,
                     c.objective, c.bound, c.evaluations, c.seconds,
                     c.interrupted ? ", interrupted" : "");
}

}  // namespace fallline::tool
