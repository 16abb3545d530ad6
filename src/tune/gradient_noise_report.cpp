#include <cmath>
#include <fallline/tune/gradient_noise.hpp>

#include "tune/json.hpp"

namespace fallline::tune {
namespace {

Json json_of(const BatchNoise& s) {
  return {{"batch_size", s.size},
          {"distance", s.distance},
          {"mean_distance", s.mean_distance},
          {"angle_degrees", s.angle},
          {"log_error", s.error}};
}

Json json_of(const Duplicates& d) {
  return {{"distinct", d.distinct},
          {"copies", d.copies},
          {"loss", number(d.loss)},
          {"loss_of_copies", number(d.loss_of_copies)},
          {"gradient_difference", number(d.gradient_difference)},
          {"rounding", d.rounding},
          {"seconds", d.seconds},
          {"seconds_of_copies", d.seconds_of_copies}};
}

}  // namespace

std::string json(const GradientNoise& noise) {
  Json json{{"kind", "sweep-gradient-noise"}, {"version", report_version},
            {"examples", noise.examples},     {"gradient_norm", noise.gradient_norm},
            {"draws", noise.draws},           {"sizes", Json::array()}};
  for (const BatchNoise& s : noise.sizes) json["sizes"].push_back(json_of(s));
  json["exponent"] = number(noise.exponent);
  json["exponent_error"] = number(noise.exponent_error);
  json["noise_scale"] = number(noise.noise_scale);
  json["duplicates"] = noise.duplicates ? json_of(*noise.duplicates) : Json();
  json["interrupted"] = noise.interrupted;
  return indented(json);
}

LineChart chart(const GradientNoise& noise) {
  const auto size = [](const BatchNoise& s) { return static_cast<double>(s.size); };
  LineChart chart({.title = "distance of a batch's gradient from that of all examples",
                   .x_name = "examples in the batch",
                   .x_first = noise.sizes.empty() ? 1 : size(noise.sizes.front()),
                   .x_last = noise.sizes.empty() ? 1 : size(noise.sizes.back()),
                   .logarithmic = true});
  chart.begin_line("as 1/sqrt(b)", LineChart::Style::background);
  for (const BatchNoise& s : noise.sizes)
    chart.add(size(s), std::sqrt(noise.noise_scale / size(s)));
  chart.begin_line("|g_b - g| / |g|");
  for (const BatchNoise& s : noise.sizes) chart.add(size(s), s.distance);
  return chart;
}

}  // namespace fallline::tune
