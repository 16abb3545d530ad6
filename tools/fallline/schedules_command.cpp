#include <fmt/format.h>

#include <cstdio>
#include <fallline/schedule/preview.hpp>
#include <fallline/schedule/shortfalls.hpp>
#include <fallline/schedule/text.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checks.hpp"
#include "command.hpp"
#include "console.hpp"
#include "spelling.hpp"

namespace fallline::tool {
namespace {

using Json = nlohmann::ordered_json;

struct SchedulesArguments {
  std::string text;
  std::string format = "text";
  Preview run{.every = 0};  // 0: as reads well
};

void list_as_text() {
  for (const ScheduleInfo& schedule : schedules()) {
    fmt::print("{:<20} {}\n", schedule.name, schedule.formula);
    for (const auto& p : schedule.parameters)
      fmt::print("  {:<18} {}\n", p.value.empty() ? p.name : p.name + "=" + p.value, p.about);
  }
  fmt::print(
      "\nEach takes steps=N or epochs=N, its length, too: cosine:final=0.1,epochs=20\n"
      "One after another: warmup:steps=500 then staircase:at=30/60,factor=0.1\n");
}

void list_as_json() {
  Json list = Json::array();
  for (const ScheduleInfo& schedule : schedules()) {
    Json parameters = Json::array();
    for (const auto& p : schedule.parameters)
      parameters.push_back({{"name", p.name}, {"default", p.value}, {"about", p.about}});
    list.push_back({{"name", schedule.name},
                    {"formula", schedule.formula},
                    {"parameters", std::move(parameters)}});
  }
  fmt::print("{}\n", list.dump(2));
}

void list_as_csv() {
  fmt::print("schedule,formula,parameter,default,about\n");
  for (const ScheduleInfo& schedule : schedules()) {
    const std::string begin = csv_cell(schedule.name) + ',' + csv_cell(schedule.formula);
    if (schedule.parameters.empty()) fmt::print("{},,,\n", begin);
    for (const auto& p : schedule.parameters)
      fmt::print("{},{},{},{}\n", begin, csv_cell(p.name), csv_cell(p.value), csv_cell(p.about));
  }
}

void print_list(const std::string& format) {
  if (format == "json") {
    list_as_json();
  } else if (format == "csv") {
    list_as_csv();
  } else {
    list_as_text();
  }
}

void rates_as_text(const Schedule& schedule, const Preview& run) {
  fmt::print("{:>8} {:>6}  {}\n", "step", "epoch", "rate");
  preview(schedule, run,
          [](const RatePoint& p) { fmt::print("{:>8} {:>6}  {:.6g}\n", p.step, p.epoch, p.rate); });
}

void rates_as_csv(const Schedule& schedule, const Preview& run) {
  fmt::print("step,epoch,rate\n");
  preview(schedule, run,
          [](const RatePoint& p) { fmt::print("{},{},{}\n", p.step, p.epoch, p.rate); });
}

/// Row by row, as there may be very many.
void rates_as_json(const Schedule& schedule, const Preview& run,
                   const std::vector<std::string>& notes) {
  const Json text(schedule.text());
  fmt::print(
      R"({{"schedule":{},"learning_rate":{},"epochs":{},"steps_per_epoch":{},"notes":{},"rates":[)",
      text.dump(-1, ' ', false, Json::error_handler_t::replace), run.learning_rate, run.epochs,
      run.steps_per_epoch, Json(notes).dump());
  const char* separator = "\n";
  preview(schedule, run, [&](const RatePoint& p) {
    const Json row{{"step", p.step}, {"epoch", p.epoch}, {"rate", p.rate}};
    fmt::print("{}{}", separator, row.dump());
    separator = ",\n";
  });
  fmt::print("\n]}}\n");
}

void print_rates(const SchedulesArguments& a) {
  const Schedule schedule = parse_schedule(a.text);
  Preview run = a.run;
  if (run.every == 0) run.every = a.format == "text" ? readable_interval(run.steps()) : 1;
  run.validate();
  const std::vector<std::string> notes = shortfalls(schedule, run.steps(), run.steps_per_epoch);
  if (a.format != "json") narrate(notes, false);
  if (a.format == "json") {
    rates_as_json(schedule, run, notes);
  } else if (a.format == "csv") {
    rates_as_csv(schedule, run);
  } else {
    rates_as_text(schedule, run);
  }
}

int run(const CLI::App& app, const SchedulesArguments& a) {
  if (app.count("schedule") == 0) {
    print_list(a.format);
  } else {
    print_rates(a);
  }
  return Exit::success;
}

}  // namespace

void add_schedules(CLI::App& program, int& status) {
  auto a = std::make_shared<SchedulesArguments>();
  CLI::App* app = program.add_subcommand(
      "schedules", "List the learning-rate schedules, or the rates that one gives");
  app->add_option("schedule", a->text,
                  "A schedule, e.g. 'warmup:steps=50 then cosine'; without one, all are listed");
  app->add_option("--learning-rate,--lr", a->run.learning_rate, "The base rate a0");
  app->add_option("--epochs", a->run.epochs, "Epochs of the run")->check(not_negative);
  app->add_option("--steps-per-epoch", a->run.steps_per_epoch, "Steps of each epoch")
      ->check(not_negative);
  app->add_option("--every", a->run.every,
                  "Steps from row to row; 0: every step, and in text as many as read well")
      ->check(not_negative);
  app->add_option("--format", a->format, "How results are printed on standard output")
      ->check(one_of({"text", "json", "csv"}))
      ->group("Output");
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
