#include <fmt/format.h>

#include <algorithm>
#include <fallline/data/arrange.hpp>
#include <fallline/data/parts.hpp>
#include <fallline/data/split.hpp>
#include <fallline/data/warnings.hpp>
#include <fallline/error.hpp>
#include <utility>

namespace fallline {
namespace {

void require_share(const char* name, double share) {
  if (!(share >= 0 && share < 1))
    throw usage_error(fmt::format("the {} share is {}", name, share),
                      "it must be at least 0 and less than 1");
}

void require_learnable(const Dataset& data) {
  const Where where{.file = data.name()};
  if (data.empty())
    throw bad_input(where, "there are no examples to learn from",
                    "give more examples, or hold out a smaller share");
  if (!data.labelled())
    throw bad_input(where, "the examples have no labels to learn from",
                    "name the file with the labels, or the column");
  if (data.classes() < 2)
    throw bad_input(where, "all examples are of one class, '" + data.class_names().front() + "'",
                    "give examples of at least two classes");
}

/// Moves a share of `from` to `to`, and returns how many examples that is.
std::size_t hold_out(Dataset& from, Dataset& to, double share, std::uint64_t seed,
                     Purpose purpose) {
  const Split halves = split(from, share, seed, purpose);
  to = from.subset(halves.held_out);
  from = from.subset(halves.kept);
  return halves.held_out.size();
}

/// `part` as the training part has its features and classes.
void agree(Dataset& part, const Dataset& train, std::vector<std::string>& notes) {
  if (part.empty()) return;
  if (!part.labelled())
    throw bad_input({.file = part.name()}, "the examples have no labels to judge the model by",
                    "leave this part out, and predict on it after training");
  Arranged arranged = arrange(part, train.schema());
  for (const std::string& note : arranged.notes) {
    std::string whole = part.name() + ": " + note;
    // Reading the part may have said so.
    if (std::ranges::find(notes, whole) == notes.end()) notes.push_back(std::move(whole));
  }
  part = arranged.data.with_classes(train.class_names());
}

}  // namespace

Parts agreeing(const Parts& parts) {
  Parts agreed = parts;
  agree(agreed.validation, parts.train, agreed.notes);
  agree(agreed.test, parts.train, agreed.notes);
  return agreed;
}

Parts divide(const Source& source, const Shares& shares) {
  require_share("test", shares.test);
  require_share("validation", shares.validation);
  require_learnable(source.train);
  Parts parts{.train = source.train, .notes = source.notes, .warnings = warnings_of(source)};
  const std::size_t all = source.train.size();
  if (source.test) {
    parts.test = *source.test;
  } else if (shares.test > 0) {
    const std::size_t n =
        hold_out(parts.train, parts.test, shares.test, shares.seed, Purpose::held_out);
    parts.notes.push_back(
        fmt::format("there is no test part: {} of the {} examples are held out for it, by seed {}",
                    n, all, shares.seed));
  }
  if (shares.validation > 0)
    hold_out(parts.train, parts.validation, shares.validation, shares.seed, Purpose::validation);
  require_learnable(parts.train);
  return agreeing(parts);
}

}  // namespace fallline
