#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/data/arrange.hpp>
#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <iterator>
#include <optional>
#include <utility>

#include "bytes.hpp"
#include "data/examined.hpp"
#include "data/foreign.hpp"
#include "data/incomplete.hpp"
#include "data/libsvm_indices.hpp"
#include "data/reader.hpp"
#include "data/test_part.hpp"
#include "data/text.hpp"
#include "data/two_parts.hpp"
#include "files/mappings.hpp"
#include "utf8.hpp"

namespace fallline {
namespace data {
namespace {

/// In the order in which they are asked: magic numbers, then text, then CIFAR, which has neither.
constexpr std::array readers{&npy_reader,    &npz_reader, &idx_reader,  &images_reader,
                             &libsvm_reader, &csv_reader, &cifar_reader};

std::string names_of_formats() {
  std::string names;
  for (const Reader* reader : readers)
    names += (names.empty() ? "" : ", ") + std::string(reader->name);
  return names;
}

const Reader* reader_called(const std::string& name) {
  for (const Reader* reader : readers)
    if (reader->name == name) return reader;
  std::vector<std::string_view> names(readers.size());
  std::ranges::transform(readers, names.begin(), &Reader::name);
  throw usage_error(fmt::format("there is no format '{}'", name),
                    did_you_mean(name, names) + "the formats are " + names_of_formats());
}

/// Why a file of a known kind is nothing to read here.
std::string hint(const Candidate& candidate) {
  const std::string_view head(reinterpret_cast<const char*>(candidate.head.data()),
                              candidate.head.size());
  std::string known = foreign_kind(head);
  if (known.empty() && is_text(candidate)) known = foreign_table(whole_lines(candidate));
  return known.empty() ? "the formats are " + names_of_formats() : known;
}

/// Says what is wrong with a file that has no contents to recognise.
void require_contents(const Candidate& candidate, std::uint64_t memory_limit) {
  if (!candidate.directory && candidate.head.empty()) (void)contents_of(candidate, memory_limit);
}

/// The reader that was asked for, or recognises the candidate; else none.
const Reader* find_reader(const Candidate& candidate, const OpenOptions& options) {
  if (!options.format.empty()) return reader_called(options.format);
  require_contents(candidate, options.memory_limit);
  for (const Reader* reader : readers)
    if (reader->recognises(candidate)) return reader;
  return nullptr;
}

const Reader& reader_for(const Candidate& candidate, const OpenOptions& options) {
  if (const Reader* reader = find_reader(candidate, options)) return *reader;
  const std::string_view wide = wide_encoding(as_text(candidate.head));
  if (!wide.empty())
    throw bad_input({.file = candidate.path.string()}, fmt::format("is {} text", wide),
                    "save it as UTF-8");
  throw bad_input(
      {.file = candidate.path.string()},
      candidate.directory ? "holds no set in a format that is read" : "has no format that is read",
      hint(candidate));
}

Source read_one(const Candidate& candidate, const OpenOptions& options);

Source read_with(const Reader& reader, const Candidate& candidate, const OpenOptions& options) {
  if (!options.labels.empty() &&
      (candidate.directory || (&reader != &idx_reader && &reader != &npy_reader)))
    throw usage_error("a file of labels goes with one file of IDX or NPY features",
                      "leave it out, or name the file with the features");
  return reader.read(candidate, options);
}

bool is_libsvm(const Candidate& candidate, const OpenOptions& options) {
  return !candidate.directory && find_reader(candidate, options) == &libsvm_reader;
}

/// The training part, then the test part as the first was understood.
Source read_two_parts(const TwoParts& parts, OpenOptions options) {
  refuse_incomplete(parts.train);
  refuse_incomplete(parts.test);
  const Examined train(parts.train);
  const Examined test(parts.test);
  std::vector<std::string> notes = parts.notes;
  if (!options.schema && is_libsvm(train.candidate(), options) &&
      is_libsvm(test.candidate(), options))
    agree_on_indices(train.candidate(), test.candidate(), options, notes);
  Source source = read_one(train.candidate(), options);
  options.memory_limit = memory_beside(source.train, options.memory_limit);
  options.labels.clear();
  if (!options.schema || options.schema->features == 0) options.schema = source.train.schema();
  Source second = read_one(test.candidate(), options);
  set_test(source, second.train);
  source.notes.insert(source.notes.begin(), notes.begin(), notes.end());
  for (std::string& note : second.notes)
    source.notes.push_back(parts.test.filename().string() + ": " + std::move(note));
  return source;
}

Source open_directory(const Candidate& directory, const OpenOptions& options) {
  if (const auto parts = two_folders(directory.path)) return read_two_parts(*parts, options);
  const Reader* reader = find_reader(directory, options);
  if (reader != nullptr && reader->recognises(directory))
    return read_with(*reader, directory, options);
  if (const auto parts = two_files(directory.path)) return read_two_parts(*parts, options);
  return read_with(reader_for(directory, options), directory, options);
}

Source read_one(const Candidate& candidate, const OpenOptions& options) {
  if (candidate.directory) return open_directory(candidate, options);
  return read_with(reader_for(candidate, options), candidate, options);
}

Source read_path(const std::filesystem::path& path, const OpenOptions& options) {
  refuse_incomplete(path);
  return read_one(Examined(path).candidate(), options);
}

/// Both parts with the features of `schema`, in its order.
void arrange_parts(Source& source, const Schema& schema) {
  Arranged train = arrange(source.train, schema);
  source.train = std::move(train.data);
  std::ranges::move(train.notes, std::back_inserter(source.notes));
  if (source.test) source.test = arrange(*source.test, schema).data;
}

}  // namespace
}  // namespace data

Source open(const std::filesystem::path& path, const OpenOptions& options) {
  return read_mapped([&] {
    Source source = options.test.empty() ? data::read_path(path, options)
                                         : data::read_two_parts({path, options.test, {}}, options);
    if (options.schema) data::arrange_parts(source, *options.schema);
    return source;
  });
}

std::vector<FormatInfo> formats() {
  std::vector<FormatInfo> all;
  all.reserve(data::readers.size());
  for (const data::Reader* reader : data::readers)
    all.push_back({reader->name, reader->description});
  return all;
}

}  // namespace fallline
