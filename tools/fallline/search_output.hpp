#pragma once

#include <fallline/search/events.hpp>
#include <fallline/search/search.hpp>
#include <string>
#include <vector>

namespace fallline::tool {

/// Narrates a search on standard error: what is about to happen, and a table of attempts whose rows
/// thin out geometrically. On a terminal the attempt under way is shown with the time left.
class SearchConsole : public SearchListener {
 public:
  explicit SearchConsole(bool quiet);
  void on(const SearchEvent& event) override;

 private:
  void narrate(const SearchEvent& event);
  void begin(const SearchPlan& plan);
  void row(const Attempt& attempt);
  void progress(const Attempt& attempt);

  bool quiet_;
  bool terminal_;
  std::uint64_t tries_ = 0;
  std::uint64_t next_row_ = 1;
  double next_progress_ = 0;
  std::optional<Attempt> unprinted_;
};

/// Searches with the directories that they were written to, and what those lack, in that order.
struct Found {
  std::vector<SearchResult> results;
  std::vector<std::string> directories;
  std::vector<std::vector<std::string>> missing;
  bool several = false;  ///< more than one was asked for: JSON has an array, whatever came of it
};

/// The JSON that a report shows: one summary, or all of them in an object.
[[nodiscard]] std::string document_of(const Found& found);

/// One table of them all.
void print_searches(const Found& found, const std::string& format);

}  // namespace fallline::tool
