#include "gradcheck_network.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "console.hpp"

namespace fallline::tool {
namespace {

using NetworkJson = nlohmann::ordered_json;

/// "layer1.weight[17, 3]", "layer1.bias[17]".
std::string coordinate_name(std::size_t index, const Network& network) {
  for (const ParameterBlock& block : network.blocks()) {
    if (index < block.first || index - block.first >= block.count) continue;
    const std::size_t i = index - block.first;
    if (block.role == BlockRole::bias) return fmt::format("{}[{}]", block.name, i);
    return fmt::format("{}[{}, {}]", block.name, i / block.columns, i % block.columns);
  }
  return std::to_string(index);
}

std::string_view word_for(const CheckedCoordinate& c) {
  if (c.verdict == Verdict::inconclusive) return c.kink ? "kink" : "rounding";
  return name_of(c.verdict);
}

void print_row(const std::string& name, const CheckedBlock& b) {
  fmt::print("{:<24} {:>8} {:>8} {:>7} {:>7} {:>9} {:>12.2g}  {}\n", name, b.checked, b.passed,
             b.failed, b.kinks, b.unresolved, b.worst.error, name_of(b.verdict()));
}

void print_network_text(const NetworkGradientCheck& found, const Network& network,
                        const std::string& loss) {
  fmt::print("gradient  {} loss, {} of {} parameters over {} examples, in double\n", loss,
             found.whole.all.checked, found.parameters, found.examples);
  fmt::print(
      "error     |a - n| / max(|a|, |n|) within {:g}; a by the chain rule, n by {} "
      "differences, h = {:.3g}\n",
      found.whole.tolerance, name_of(found.whole.scheme), found.whole.step);
  constexpr const char* head = "\n{:<24} {:>8} {:>8} {:>7} {:>7} {:>9} {:>12}  {}\n";
  fmt::print(head, "Jacobian of a layer", "checked", "passed", "failed", "kinks", "rounding",
             "worst error", "verdict");
  for (const LayerCheck& layer : found.layers)
    for (const CheckedBlock& b : layer.check.blocks)
      print_row(fmt::format("{}, {}", layer.layer, b.name), b);
  fmt::print(head, "gradient of the loss", "checked", "passed", "failed", "kinks", "rounding",
             "worst error", "verdict");
  for (const CheckedBlock& b : found.whole.blocks) print_row(b.name, b);
  fmt::print("\n{:<24} {:>22} {:>22} {:>10}  {}\n", "worst", "by the chain rule", "by differences",
             "error", "");
  for (const CheckedCoordinate& c : found.whole.worst)
    fmt::print("{:<24} {:>22.15g} {:>22.15g} {:>10.2g}  {}\n", coordinate_name(c.index, network),
               c.analytic, c.numerical, c.error, word_for(c));
  fmt::print("\ncost      chain rule {:.3g} s for all parameters, differences {:.3g} s for {}\n",
             found.analytic_seconds, found.numerical_seconds, found.whole.all.checked);
  fmt::print("kernels   in float {:.2g} from it, relative to its norm", found.float_kernels);
  if (!std::isnan(found.integer_kernels)) fmt::print("; in integers {:.2g}", found.integer_kernels);
  const auto wrong = found.wrong_layers();
  fmt::print("\nverdict   {}{}\n", name_of(found.verdict()),
             wrong.empty() ? "" : fmt::format(": a wrong Jacobian in {}", fmt::join(wrong, ", ")));
}

NetworkJson json_value(double value) {
  return std::isfinite(value) ? NetworkJson(value) : NetworkJson();
}

NetworkJson json_block(const std::string& name, const CheckedBlock& b) {
  return {{"name", name},
          {"checked", b.checked},
          {"passed", b.passed},
          {"failed", b.failed},
          {"kinks", b.kinks},
          {"rounding", b.unresolved},
          {"worst_error", json_value(b.worst.error)},
          {"verdict", name_of(b.verdict())}};
}

}  // namespace

std::string network_check_json(const NetworkGradientCheck& found, const Network& network,
                               const std::string& loss) {
  const CheckedBlock& all = found.whole.all;
  NetworkJson json{{"kind", "gradcheck"},
                   {"version", 1},
                   {"verdict", name_of(found.verdict())},
                   {"loss", loss},
                   {"architecture", network.text()},
                   {"examples", found.examples},
                   {"parameters", found.parameters},
                   {"checked", all.checked},
                   {"passed", all.passed},
                   {"failed", all.failed},
                   {"kinks", all.kinks},
                   {"rounding", all.unresolved},
                   {"worst_error", json_value(all.worst.error)},
                   {"error_formula", "|a - n| / max(|a|, |n|)"},
                   {"scheme", name_of(found.whole.scheme)},
                   {"step", found.whole.step},
                   {"tolerance", found.whole.tolerance},
                   {"analytic_seconds", found.analytic_seconds},
                   {"numerical_seconds", found.numerical_seconds},
                   {"evaluation_seconds", found.evaluation_seconds},
                   {"float_kernels", json_value(found.float_kernels)},
                   {"integer_kernels", json_value(found.integer_kernels)},
                   {"wrong_layers", found.wrong_layers()},
                   {"blocks", NetworkJson::array()},
                   {"layers", NetworkJson::array()},
                   {"worst", NetworkJson::array()}};
  for (const CheckedBlock& b : found.whole.blocks) json["blocks"].push_back(json_block(b.name, b));
  for (const LayerCheck& layer : found.layers) {
    NetworkJson blocks = NetworkJson::array();
    for (const CheckedBlock& b : layer.check.blocks) blocks.push_back(json_block(b.name, b));
    json["layers"].push_back({{"layer", layer.layer},
                              {"verdict", name_of(layer.check.verdict())},
                              {"blocks", std::move(blocks)}});
  }
  for (const CheckedCoordinate& c : found.whole.worst)
    json["worst"].push_back({{"coordinate", coordinate_name(c.index, network)},
                             {"index", c.index},
                             {"analytic", json_value(c.analytic)},
                             {"numerical", json_value(c.numerical)},
                             {"error", json_value(c.error)},
                             {"verdict", word_for(c)}});
  return json.dump(2, ' ', false, NetworkJson::error_handler_t::replace) + "\n";
}

void print_network_check(const NetworkGradientCheck& found, const Network& network,
                         const std::string& loss, const std::string& format) {
  if (format == "json") {
    fmt::print("{}", network_check_json(found, network, loss));
    return;
  }
  if (format == "text") return print_network_text(found, network, loss);
  fmt::print("coordinate,index,analytic,numerical,error,verdict\n");
  for (const CheckedCoordinate& c : found.whole.worst)
    fmt::print("{},{},{},{},{},{}\n", csv_cell(coordinate_name(c.index, network)), c.index,
               c.analytic, c.numerical, c.error, word_for(c));
}

}  // namespace fallline::tool
