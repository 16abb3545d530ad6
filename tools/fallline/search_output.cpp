#include "search_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fallline/memory.hpp>
#include <fallline/search/run_directory.hpp>

#include "console.hpp"
#include "narration.hpp"

namespace fallline::tool {
namespace {

std::string line_of(const Attempt& a) {
  return fmt::format("{:>7} {:>#10.5g} {:>8.2f} % {:>#10.5g} {:>9.2f}{}", a.attempt,
                     a.measure.objective(), 100 * a.measure.accuracy(), a.best, a.seconds,
                     a.improved ? "  best" : "");
}

std::string rule_of(const SearchPlan& p) {
  const SearchOptions& o = p.options;
  switch (o.strategy) {
    case Strategy::random:
      return fmt::format("{:g} N(0,1) each", o.scale);
    case Strategy::local:
      return fmt::format("from {:g} N(0,1), the best + {:g} N(0,1) each", o.start, o.step);
    case Strategy::gradient:
      break;
  }
  return fmt::format("steps on all examples, learning rate {:.4g}{}", p.learning_rate,
                     o.learning_rate == 0 ? " (from the curvature)" : "");
}

std::string accuracy_of(const std::optional<Evaluation>& e) {
  return e ? fmt::format("{:8.2f} %", 100 * e->accuracy()) : fmt::format("{:>10}", "-");
}

void print_table(const Found& found) {
  fmt::print("{:<9} {:>10} {:>10} {:>10} {:>12} {:>8} {:>9}\n", "search", "loss", "train", "test",
             "evaluations", "best at", "seconds");
  for (const SearchResult& r : found.results)
    fmt::print("{:<9} {:>#10.5g} {} {} {:>12} {:>8} {:>9.2f}\n", name_of(r.plan.options.strategy),
               r.train.loss, accuracy_of(r.train), accuracy_of(r.test), r.attempts, r.best_attempt,
               r.seconds);
  for (const std::string& directory : found.directories) fmt::print("{:<9} {}\n", "run", directory);
}

void print_csv(const Found& found) {
  fmt::print(
      "strategy,train_loss,train_accuracy,test_loss,test_accuracy,evaluations,best_attempt,seconds,"
      "weights_hash,stop_reason,run_directory\n");
  const auto figures = [](const std::optional<Evaluation>& e) {
    return e ? fmt::format("{},{}", e->loss, e->accuracy()) : std::string(",");
  };
  for (std::size_t i = 0; i < found.results.size(); ++i) {
    const SearchResult& r = found.results[i];
    fmt::print("{},{},{},{},{},{},{},{},{}\n", name_of(r.plan.options.strategy), figures(r.train),
               figures(r.test), r.attempts, r.best_attempt, r.seconds, r.model.weights_hash(),
               name_of(r.stop), csv_cell(found.directories[i]));
  }
}

/// The summaries, one after another.
std::string summaries(const Found& found) {
  std::string text;
  for (std::size_t i = 0; i < found.results.size(); ++i)
    text += (i == 0 ? "" : ",\n") +
            summary_json(found.results[i], found.directories[i], found.missing[i]);
  return text;
}

/// One object, or an array where several were asked for.
void print_json(const Found& found) {
  const std::string text = summaries(found);
  fmt::print("{}", found.several ? "[\n" + text + "]\n" : text);
}

}  // namespace

SearchConsole::SearchConsole(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

void SearchConsole::on(const SearchEvent& event) {
  if (!quiet_) narrate(event);
}

void SearchConsole::narrate(const SearchEvent& event) {
  if (const auto* started = std::get_if<SearchStarted>(&event)) begin(started->plan);
  if (const auto* attempt = std::get_if<Attempt>(&event)) {
    if (attempt->attempt >= next_row_) {
      row(*attempt);
    } else {
      unprinted_ = *attempt;
      progress(*attempt);
    }
  }
  if (std::holds_alternative<SearchEnded>(event)) {
    if (unprinted_) row(*unprinted_);
    tell("\n");
  }
}

void SearchConsole::begin(const SearchPlan& p) {
  tries_ = p.options.tries;
  tell("model    linear, {} parameters, {} loss, features: {}\n", p.parameters,
       name_of(p.options.loss.kind), name_of(p.preprocessing));
  if (!p.options.penalty.none())
    tell("penalty  {:g} |W|^2/2 + {:g} |W|_1\n", p.options.penalty.l2, p.options.penalty.l1);
  tell("search   {}: {}; {} evaluations{}\n", name_of(p.options.strategy), rule_of(p), tries_,
       p.candidates == 1 ? "" : fmt::format(", {} a pass over the data", p.candidates));
  tell("parts    {} to train, {} to validate, {} to test\n", p.examples, p.validation_examples,
       p.test_examples);
  tell("machine  {} threads, {}, {} of memory with the data\n\n", p.threads, p.instruction_set,
       format_bytes(p.memory_bytes));
  tell("{:>7} {:>10} {:>10} {:>10} {:>9}\n", "attempt", "loss", "accuracy", "best", "seconds");
}

void SearchConsole::row(const Attempt& attempt) {
  tell("{}{}\n", terminal_ ? "\r\x1b[K" : "", line_of(attempt));
  unprinted_.reset();
  while (next_row_ <= attempt.attempt) next_row_ = std::max(next_row_ + 1, next_row_ * 3 / 2);
}

/// Ten times a second at most.
void SearchConsole::progress(const Attempt& attempt) {
  if (!terminal_ || attempt.seconds < next_progress_) return;
  next_progress_ = attempt.seconds + 0.1;
  const auto left = static_cast<double>(tries_ - attempt.attempt);
  tell("\r\x1b[K{}  {:.0f} s left", line_of(attempt),
       left * attempt.seconds / static_cast<double>(attempt.attempt));
}

std::string document_of(const Found& found) {
  std::string text = summaries(found);
  if (!found.several) return text;
  return "{\"kind\": \"search\", \"version\": 1, \"searches\": [\n" + text + "]}\n";
}

void print_searches(const Found& found, const std::string& format) {
  if (format == "json") {
    print_json(found);
  } else if (format == "csv") {
    print_csv(found);
  } else {
    print_table(found);
  }
}

}  // namespace fallline::tool
