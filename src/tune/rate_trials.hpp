#pragma once

#include <atomic>
#include <fallline/tune/rate_sweep.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <map>
#include <vector>

namespace fallline::tune {

/// Short training runs that look for the rate with the lowest loss, from a first one on.
class RateTrials {
 public:
  RateTrials(const Parts& parts, const RateSweepOptions& options, Workers& workers,
             const std::function<void(const RateTrial&)>& told, const std::atomic<bool>* interrupt);

  /// Climbs down from `first`.
  void run(double first);

  [[nodiscard]] const std::vector<RateTrial>& all() const { return trials_; }
  /// The one with the lowest loss; null where none was finite.
  [[nodiscard]] const RateTrial* best() const;
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  /// The loss at first·10^{k/4}; tried once.
  double loss_at(int k);
  void descend(int& k, int stride);

  Parts parts_;
  TrainOptions training_;
  Workers& workers_;
  const std::function<void(const RateTrial&)>& told_;
  const std::atomic<bool>* interrupt_;
  double first_ = 0;
  std::map<int, double> losses_;
  std::vector<RateTrial> trials_;
  bool interrupted_ = false;
};

}  // namespace fallline::tune
