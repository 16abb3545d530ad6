#include <algorithm>
#include <fallline/bench/measurement.hpp>

#include "names.hpp"

namespace fallline::bench {
namespace {

constexpr Names<Subject, 4> names{"subject",
                                  {{{Subject::machine, "machine"},
                                    {Subject::epoch, "epoch"},
                                    {Subject::evaluation, "evaluation"},
                                    {Subject::optimizers, "optimizers"}}}};

}  // namespace

std::string_view name_of(Subject subject) { return names.name_of(subject); }

Subject subject_named(std::string_view name) { return names.value_of(name); }

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const auto& [subject, name] : names.list) all.push_back(subject);
  return all;
}

Seconds Seconds::of(std::vector<double> values) {
  if (values.empty()) throw usage_error("there are no repeats to take the median of");
  std::ranges::sort(values);
  return {.median = values[values.size() / 2],
          .least = values.front(),
          .greatest = values.back(),
          .repeats = values.size()};
}

}  // namespace fallline::bench
