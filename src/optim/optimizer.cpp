#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <fallline/optim/adadelta.hpp>
#include <fallline/optim/adagrad.hpp>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/amsgrad.hpp>
#include <fallline/optim/lbfgs.hpp>
#include <fallline/optim/lion.hpp>
#include <fallline/optim/momentum.hpp>
#include <fallline/optim/nadam.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/optim/rmsprop.hpp>

#include "optim/choice.hpp"

namespace fallline {
namespace {

using optim::Common;

template <class T>
using Made = std::unique_ptr<Optimizer<T>>;

struct Row {
  OptimizerInfo info;
  std::optional<std::vector<Setting>> (*settings)(Preset);
  Made<float> (*make_float)(const OptimizerOptions&, std::size_t);
  Made<double> (*make_double)(const OptimizerOptions&, std::size_t);

  template <class T>
  [[nodiscard]] auto make() const {
    if constexpr (std::is_same_v<T, float>)
      return make_float;
    else
      return make_double;
  }
};

struct Sgd {
  static auto fields() { return std::array<Field<Sgd>, 0>{}; }
  static std::optional<Sgd> of(Preset /*preset*/) { return Sgd{}; }
};

/// The decoupled weight decay that a preset has for an optimizer, or that of none.
using DecayOf = std::optional<double> (*)(Preset);
constexpr DecayOf no_decay = [](Preset) -> std::optional<double> { return 0; };
constexpr DecayOf adamw_decay = [](Preset preset) -> std::optional<double> {
  if (preset == Preset::course || preset == Preset::tf1) return std::nullopt;
  return preset == Preset::optax ? 1e-4 : 0.01;
};
constexpr DecayOf lion_decay = [](Preset preset) -> std::optional<double> {
  return preset == Preset::optax ? 1e-3 : 0;
};

template <class S, DecayOf decay>
std::optional<std::vector<Setting>> settings(Preset preset) {
  const std::optional<S> own = S::of(preset);
  if (!own || !decay(preset)) return std::nullopt;
  std::vector<Setting> list;
  optim::list_fields(*own, list);
  const std::size_t own_count = list.size();
  optim::list_fields(Common{.weight_decay = *decay(preset)}, list);
  for (std::size_t i = own_count; i < list.size(); ++i) list[i].common = true;
  return list;
}

/// Clipping, the optimizer's own links, decay, the rate: and what comes after the rate.
template <class T, class S, class Build, DecayOf decay>
Made<T> make(const OptimizerOptions& options, std::size_t parameters) {
  if (!decay(options.preset)) optim::refuse_preset(options);
  const auto chosen = optim::chosen(options, optim::preset_of<S>(options),
                                    Common{.weight_decay = *decay(options.preset)});
  const Common& common = std::get<1>(chosen);
  return Build{}(std::get<0>(chosen), [&](auto core, auto... after) -> Made<T> {
    // What stands behind the rate would pile the decay up: there it comes last.
    const AddDecayedWeights decayed{.decay = common.weight_decay,
                                    .times_rate = sizeof...(after) > 0};
    const auto clipped = chain(ClipByNorm{common.clip_norm}, ClipByValue{common.clip_value}, core);
    if constexpr (sizeof...(after) > 0)
      return make_optimizer<T>(chain(clipped, ScaleByRate{}, after..., decayed), parameters);
    else
      return make_optimizer<T>(chain(clipped, decayed, ScaleByRate{}), parameters);
  });
}

template <class S, DecayOf decay = no_decay, class Build>
constexpr Row row(OptimizerInfo info, Build /*stateless*/) {
  return {info, settings<S, decay>, make<float, S, Build, decay>, make<double, S, Build, decay>};
}

/// The links are the settings themselves.
template <class S, DecayOf decay = no_decay>
constexpr Row row(OptimizerInfo info) {
  return row<S, decay>(info, [](const S& s, auto with) { return with(s); });
}

/// RMSProp in all its variants.
struct RmsPropByName : RmsProp {
  bool centered = false;       // the variance in place of the square
  double momentum = 0;         // of a heavy ball behind it; 0: none
  bool rate_in_trace = false;  // the rate inside that ball's velocity

  static auto fields() {
    using F = Field<RmsPropByName>;
    return std::array{F{"decay", &RmsPropByName::decay},
                      F{"eps", &RmsPropByName::eps},
                      F{"eps-root", &RmsPropByName::eps_root},
                      F{"accumulator", &RmsPropByName::accumulator},
                      F{"bias-correction", &RmsPropByName::bias_correction},
                      F{"centered", &RmsPropByName::centered},
                      F{"momentum", &RmsPropByName::momentum},
                      F{"rate-in-trace", &RmsPropByName::rate_in_trace}};
  }
  static std::optional<RmsPropByName> of(Preset preset) {
    const bool inside = preset == Preset::optax || preset == Preset::tf1;
    return RmsPropByName{RmsProp::of(preset).value(), false, 0, inside};
  }
};

auto rmsprop_links(const RmsPropByName& r, auto with) {
  auto behind = [&](auto scale) {
    const HeavyBall ball{.momentum = r.momentum};
    if (r.momentum == 0) return with(scale);
    return r.rate_in_trace ? with(scale, ball) : with(chain(scale, ball));
  };
  optim::require_within(r.momentum, 0, 1, "momentum");
  return r.centered ? behind(ScaleByStddev{r}) : behind(ScaleByRms{r});
}

std::optional<std::vector<Setting>> lbfgs_settings(Preset preset) {
  const std::optional<Lbfgs> own = Lbfgs::of(preset);
  if (!own) return std::nullopt;
  std::vector<Setting> list;
  optim::list_fields(*own, list);
  return list;
}

/// It needs the gradient as it is: no clipping, no decay.
template <class T>
Made<T> make_lbfgs(const OptimizerOptions& options, std::size_t parameters) {
  const auto chosen = optim::chosen(options, optim::preset_of<Lbfgs>(options));
  return std::make_unique<LbfgsOptimizer<T>>(std::get<0>(chosen), parameters);
}

// A new optimizer is one file and one row here.
const std::array table{
    row<Sgd>({"sgd", "u = g", "Robbins and Monro, 1951"},
             [](const Sgd&, auto with) { return with(chain()); }),
    row<HeavyBall>({"heavy-ball", "v <- mu v + (1-d) g;  u = v", "Polyak, 1964"}),
    row<Nesterov>({"nesterov", "v <- mu v + g;  u = g + mu v", "Sutskever et al., 2013"}),
    row<EwmaMomentum>({"ewma-momentum", "v <- mu v + (1-mu) g;  u = v", "Ng, 2017"}),
    row<RmsPropByName>({"rmsprop", "s <- b s + (1-b) g^2;  u = g/(sqrt(s + eps_root) + eps)",
                        "Tieleman and Hinton, 2012", 0.3},
                       [](const RmsPropByName& r, auto with) { return rmsprop_links(r, with); }),
    row<Adam>({"adam",
               "m <- b1 m + (1-b1) g;  v <- b2 v + (1-b2) g^2;  u = m^/(sqrt(v^ + eps_root) + eps)",
               "Kingma and Ba, 2015", 0.3}),
    row<Adam, adamw_decay>(
        {"adamw", "u as adam, with weight-decay 0.01", "Loshchilov and Hutter, 2019", 0.3}),
    row<NAdam>(
        {"nadam", "m, v as adam;  u = (mu' m^ + (1-mu) g^)/(sqrt(v^) + eps)", "Dozat, 2016", 0.3}),
    row<AmsGrad>({"amsgrad", "m, v as adam;  top <- max(top, v);  u = m^/(sqrt(top^) + eps)",
                  "Reddi, Kale and Kumar, 2018", 0.3}),
    row<AdaGrad>({"adagrad", "s <- s + g^2;  u = g/(sqrt(s + eps_root) + eps)",
                  "Duchi, Hazan and Singer, 2011", 10}),
    row<AdaDelta>({"adadelta",
                   "s <- rho s + (1-rho) g^2;  u = sqrt(d + eps)/sqrt(s + eps) g;  "
                   "d <- rho d + (1-rho) u^2",
                   "Zeiler, 2012", 100}),
    row<Lion, lion_decay>(
        {"lion", "u = sign(b1 m + (1-b1) g);  m <- b2 m + (1-b2) g", "Chen et al., 2023", 0.1}),
    Row{{"lbfgs", "u = a H g, H from the last pairs, a by a strong-Wolfe line search",
         "Liu and Nocedal, 1989", 0, true},
        lbfgs_settings,
        make_lbfgs<float>,
        make_lbfgs<double>},
};

/// "momentum" is what the course, or everyone else, calls by that name.
std::string_view resolved(std::string_view name, Preset preset) {
  if (name != "momentum") return name;
  return preset == Preset::course ? "ewma-momentum" : "heavy-ball";
}

const Row& row_of(std::string_view name, Preset preset) {
  const std::string_view known = resolved(name, preset);
  for (const Row& row : table)
    if (row.info.name == known) return row;
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const Row& row : table) names.push_back(row.info.name);
  const std::string choices = fmt::format("choose {}", fmt::join(names, ", "));
  names.emplace_back("momentum");
  throw usage_error(fmt::format("there is no optimizer '{}'", name),
                    did_you_mean(name, names) + choices);
}

}  // namespace

template <class T>
std::unique_ptr<Optimizer<T>> make_optimizer(const OptimizerOptions& options,
                                             std::size_t parameters) {
  return row_of(options.name, options.preset).template make<T>()(options, parameters);
}
template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizerOptions&, std::size_t);
template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizerOptions&, std::size_t);

std::vector<OptimizerInfo> optimizers() {
  std::vector<OptimizerInfo> list;
  list.reserve(table.size());
  for (const Row& row : table) list.push_back(row.info);
  return list;
}

OptimizerInfo optimizer_named(std::string_view name, Preset preset) {
  return row_of(name, preset).info;
}

std::optional<std::vector<Setting>> settings_of(std::string_view name, Preset preset) {
  return row_of(name, preset).settings(preset);
}

std::vector<Setting> settings_in_force(const OptimizerOptions& options) {
  (void)make_optimizer<float>(options, 0);
  std::vector<Setting> list = settings_of(options.name, options.preset).value();
  for (Setting& setting : list)
    if (const auto it = options.settings.find(setting.name); it != options.settings.end())
      setting.value = it->second;
  return list;
}

std::vector<SettingInfo> optimizer_settings() {
  std::vector<SettingInfo> all;
  for (const Row& row : table) {
    const auto settings = row.settings(Preset::standard);
    for (const Setting& s : settings.value()) {
      auto it = std::ranges::find(all, s.name, &SettingInfo::name);
      if (it == all.end()) it = all.insert(it, {s.name, meaning_of(s.name), s.flag, {}});
      it->optimizers.push_back(row.info.name);
    }
  }
  return all;
}

}  // namespace fallline
