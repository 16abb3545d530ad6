#pragma once

#include <atomic>
#include <fallline/data/parts.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/train/train.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <string>

namespace fallline {

/// What is found out about the model that a descent left. An interrupt cuts it short, unless it was
/// what ended the descent; what is left out then is said in the result's notes.
class Aftermath {
 public:
  Aftermath(const Parts& parts, Workers& workers, const std::atomic<bool>* interrupt,
            TrainResult& result);

  void evaluate_parts();
  /// Of a run that went through, and leaves a higher objective than that at the first weights.
  void look_for_divergence(double at_first_batch);
  void explain_divergence(const Preprocessing& preprocessing);
  /// On the part that the model is judged by: the last there is.
  void note_majority();
  void certify_model();

 private:
  [[nodiscard]] bool interrupted() const;
  void note_interrupt();
  /// Notes what is left out because of an interrupt.
  [[nodiscard]] bool left_out(const std::string& what, bool in_any_case = false);
  [[nodiscard]] std::optional<Evaluation> held_out(const std::string& name, const Dataset& data);
  [[nodiscard]] Evaluation figures(const std::string& name, const Dataset& data);

  const Parts& parts_;
  Workers& workers_;
  const std::atomic<bool>* interrupt_;
  TrainResult& result_;
};

}  // namespace fallline
