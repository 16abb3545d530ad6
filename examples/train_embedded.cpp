// Trains on the picture set that comes with the library, says how well, and keeps the run.
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <string>

int main() {
  // A small part of the set; `fallline::open("DATA")` reads a file or directory in its place.
  const fallline::Source source = fallline::embedded({.train = 3000, .test = 1000});
  const fallline::Parts parts = fallline::divide(source, {.validation = 0.1, .seed = 1});

  fallline::Workers workers;
  fallline::RunDirectory directory(fallline::RunDirectory::fresh("runs"),
                                   "# run.toml: what it takes to repeat this\n");
  fallline::Listener* const listeners[] = {&directory};
  const fallline::TrainResult result =
      fallline::train(parts, {.epochs = 20, .seed = 1}, workers, listeners);
  for (const std::string& file : directory.missing()) std::cerr << "not written: " << file << '\n';
  std::cout << "test accuracy " << result.test->accuracy() << " after " << result.steps
            << " steps at learning rate " << result.plan.learning_rate << "\nweights "
            << result.model.weights_hash() << " are in " << directory.path().string() << '\n';

  // The model is in the run directory; alone, it can be written anywhere.
  fallline::save_model(result.model, "model.safetensors");
  const fallline::Classifier again = fallline::load_model("model.safetensors");
  const bool same = again.weights_hash() == result.model.weights_hash();
  return same && result.test->accuracy() > 0.2 ? EXIT_SUCCESS : EXIT_FAILURE;  // by chance: 0.1
}
