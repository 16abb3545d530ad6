#include "model_text.hpp"

#include <fallline/error.hpp>
#include <fallline/train/configuration.hpp>

namespace fallline::tool {

void add_model(CLI::App& app, std::string& model) {
  app.add_option(
         "--model", model,
         "linear; mlp:UNITS,UNITS with settings, as mlp:512,256,activation=tanh,dropout=0.2; "
         "or a graph: a TOML file with a layer a line, or as text")
      ->group("Model");
}

std::string model_text(const std::string& asked) {
  if (!asked.ends_with(".toml")) return asked;
  std::string text;
  for (const ConfigurationEntry& layer : read_configuration(asked).entries)
    text += (text.empty() ? "" : "; ") + layer.key + " = " + text_of(layer.value);
  if (text.empty())
    throw bad_input({.file = asked}, "it has no layers",
                    "write a layer a line: act1 = \"relu of layer1\"");
  return text;
}

}  // namespace fallline::tool
