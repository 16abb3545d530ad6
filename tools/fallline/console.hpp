#pragma once

#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <string>
#include <vector>

namespace fallline::tool {

/// Narrates a run on standard error: what is about to happen, a table whose rows thin out
/// geometrically, and warnings. On a terminal the epoch under way is shown with the time left.
class Console : public Listener {
 public:
  explicit Console(bool quiet);
  void on(const Event& event) override;

 private:
  void begin(const Plan& plan);
  void row(const EpochEnded& ended);
  void progress(const EpochEnded& ended);
  void warn(const CostRose& rise);

  bool quiet_;
  bool terminal_;
  std::uint64_t next_row_ = 1;
  std::uint64_t rises_ = 0;
  std::optional<EpochEnded> unprinted_;
};

/// `warning: MESSAGE`, of a run under way, quiet or not.
void warn_of_run(const std::string& message);

/// Prints each note on standard error, unless quiet.
void narrate(const std::vector<std::string>& notes, bool quiet);

/// Prints each warning on standard error, also where the rest is quiet.
void warn(const std::vector<std::string>& warnings);

/// Narrates what the data are.
void narrate_data(const Dataset& data, const std::string& format, bool quiet);

/// 60,000 examples of 32x32x3 bytes in 10 classes.
[[nodiscard]] std::string describe(const Dataset& data);

/// What a certificate says, as one line.
[[nodiscard]] std::string certificate_line(const Certificate& certificate);

/// A cell of a CSV file, quoted where it must be (RFC 4180), and where it begins or ends with a
/// blank, which many readers take away.
[[nodiscard]] std::string csv_cell(const std::string& text);

}  // namespace fallline::tool
