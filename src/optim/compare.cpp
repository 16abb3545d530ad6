#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/optim/compare.hpp>

namespace fallline {
namespace {

const Setting* find(const std::vector<Setting>& list, std::string_view name) {
  for (const Setting& s : list)
    if (s.name == name) return &s;
  return nullptr;
}

/// `eps (added to the root): 1e-08 in torch, 0 in course`
std::string difference(const Setting* in_a, const Setting* in_b, Preset a, Preset b) {
  const std::string_view name = in_a != nullptr ? in_a->name : in_b->name;
  const auto value = [](const Setting* s) { return s != nullptr ? text_of(*s) : "none"; };
  return fmt::format("{} ({}): {} in {}, {} in {}", name, meaning_of(name), value(in_a), name_of(a),
                     value(in_b), name_of(b));
}

std::vector<Setting> required_settings(std::string_view name, Preset preset) {
  return settings_in_force({.name = std::string(name), .preset = preset});
}

}  // namespace

std::string text_of(const Setting& s) {
  if (s.flag) return s.value != 0 ? "yes" : "no";
  return fmt::format("{}", s.value);
}

std::vector<std::array<double, 2>> first_steps(const OptimizerOptions& options) {
  if (optimizer_named(options.name, options.preset).whole)
    throw usage_error(options.name + " searches along a line of the cost",
                      "it has no steps on given gradients to show");
  const auto optimizer = make_optimizer<double>(options, 2);
  std::array<double, 2> w = SmallExample::start;
  std::vector<std::array<double, 2>> steps;
  for (const auto& gradient : SmallExample::gradients) {
    const Step step{.t = steps.size() + 1, .rate = SmallExample::rate};
    optimizer->step(step, w, gradient, w, nullptr);
    steps.push_back(w);
  }
  return steps;
}

std::vector<std::string> differences(std::string_view name, Preset a, Preset b) {
  const std::vector<Setting> in_a = required_settings(name, a);
  const std::vector<Setting> in_b = required_settings(name, b);
  const OptimizerInfo info_a = optimizer_named(name, a);
  const OptimizerInfo info_b = optimizer_named(name, b);
  std::vector<std::string> list;
  if (info_a.name != info_b.name)
    list.push_back(fmt::format("{} means {} in {} ({}) and {} in {} ({})", name, info_a.name,
                               name_of(a), info_a.formula, info_b.name, name_of(b),
                               info_b.formula));
  for (const Setting& s : in_a) {
    const Setting* other = find(in_b, s.name);
    if (other == nullptr || other->value != s.value) list.push_back(difference(&s, other, a, b));
  }
  for (const Setting& s : in_b)
    if (find(in_a, s.name) == nullptr) list.push_back(difference(nullptr, &s, a, b));
  return list;
}

}  // namespace fallline
