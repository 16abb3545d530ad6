#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <string>
#include <vector>

namespace fallline {

/// What a run's steps found of each layer, as means over the first epoch and over the last.
class LayerTrail : public Listener {
 public:
  void on(const Event& event) override;

  [[nodiscard]] std::vector<LayerSummary> layers(const Network& network) const;

 private:
  struct Sums {
    double gradient = 0;
    double update = 0;
    double dead = 0;
    bool moved = true;       ///< there is an update's norm at each step
    bool rectified = false;  ///< a ReLU reads it
  };
  struct Epoch {
    std::uint64_t number = 0;
    std::uint64_t steps = 0;
    std::vector<Sums> layers;
  };
  Epoch first_;
  Epoch last_;
};

/// Sentences on layers whose gradients are out of proportion, or whose units are dead.
[[nodiscard]] std::vector<std::string> layer_notes(const std::vector<LayerSummary>& layers);

}  // namespace fallline
