#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <optional>
#include <utility>

#include "data/class_names.hpp"
#include "data/examined.hpp"
#include "data/reader.hpp"
#include "data/test_part.hpp"
#include "files/listing.hpp"

// The formats: https://www.cs.toronto.edu/~kriz/cifar.html

namespace fallline::data {
namespace {

constexpr ImageShape shape{.channels = 3, .height = 32, .width = 32};
constexpr std::uint64_t cells = 32 * 32 * 3;

/// A record is its labels, the last of which counts, and then the picture.
struct CifarLayout {
  std::string_view name;
  std::string_view names_file;
  std::uint64_t label_bytes;
  std::size_t classes;  ///< where no file names them

  [[nodiscard]] std::uint64_t record() const { return label_bytes + cells; }
  [[nodiscard]] bool fits(std::uint64_t bytes) const { return bytes != 0 && bytes % record() == 0; }
};

constexpr CifarLayout cifar10{"CIFAR-10", "batches.meta.txt", 1, 10};
constexpr CifarLayout cifar100{"CIFAR-100", "fine_label_names.txt", 2, 100};

std::uint64_t label_at(std::span<const std::byte> bytes, std::uint64_t record,
                       const CifarLayout& layout) {
  return std::to_integer<std::uint64_t>(bytes[record * layout.record() + layout.label_bytes - 1]);
}

/// Whether the labels of the whole records in `bytes` can be of the layout.
bool plausible(std::span<const std::byte> bytes, const CifarLayout& layout) {
  for (std::uint64_t i = 0; (i + 1) * layout.record() <= bytes.size(); ++i)
    if (label_at(bytes, i, layout) >= layout.classes) return false;
  return true;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

bool is_batch(const std::string& name) { return name.ends_with(".bin"); }
bool is_test_batch(const std::string& name) { return name.starts_with("test"); }

/// The layout that the names beside a batch tell, else its size, else its labels.
CifarLayout layout_of(const std::filesystem::path& directory, const Candidate& batch) {
  const bool ten = is_there(directory / cifar10.names_file);
  const bool hundred = is_there(directory / cifar100.names_file);
  if (ten != hundred) return ten ? cifar10 : cifar100;
  if (batch.gzipped || cifar10.fits(batch.bytes) == cifar100.fits(batch.bytes))
    return plausible(batch.head, cifar10) || !plausible(batch.head, cifar100) ? cifar10 : cifar100;
  return cifar10.fits(batch.bytes) ? cifar10 : cifar100;
}

std::vector<std::string> class_names(const std::filesystem::path& directory,
                                     const CifarLayout& layout, std::uint64_t memory_limit) {
  const auto file = directory / layout.names_file;
  if (is_there(file)) return read_class_names(file, memory_limit);
  std::vector<std::string> numbers;
  for (std::size_t c = 0; c < layout.classes; ++c) numbers.push_back(std::to_string(c));
  return numbers;
}

/// Gathers the records of one or more files.
class Batches {
 public:
  Batches(const CifarLayout& layout, std::string name, std::vector<std::string> classes)
      : layout_(layout) {
    parts_.name = std::move(name);
    parts_.features = cells;
    parts_.shape = shape;
    parts_.class_names = std::move(classes);
  }

  void add(const Candidate& file, std::uint64_t memory_limit) {
    Contents contents = contents_of(file, memory_limit);
    const std::uint64_t rows = whole_records(contents.bytes.size(), file.path.string());
    parts_.rows.reserve(parts_.rows.size() + rows);
    parts_.labels.reserve(parts_.labels.size() + rows);
    for (std::uint64_t i = 0; i < rows; ++i) {
      const std::uint64_t label = label_at(contents.bytes, i, layout_);
      if (label >= parts_.class_names.size()) refuse_label(label, i, file.path.string());
      parts_.labels.push_back(static_cast<std::int32_t>(label));
      parts_.rows.push_back(contents.bytes.data() + i * layout_.record() + layout_.label_bytes);
    }
    parts_.storage_bytes += contents.bytes.size();
    parts_.storage.push_back(std::move(contents.owner));
  }

  Dataset finish() && { return Dataset(std::move(parts_)); }

 private:
  [[nodiscard]] std::uint64_t whole_records(std::uint64_t bytes, const std::string& file) const {
    if (layout_.fits(bytes)) return bytes / layout_.record();
    const std::uint64_t rows = bytes / layout_.record();
    throw bad_input({.file = file, .row = rows + 1, .byte = rows * layout_.record()},
                    fmt::format("{} bytes are left for a {} record of {}", bytes % layout_.record(),
                                layout_.name, layout_.record()),
                    "fetch the file again: it is cut short, or something was added");
  }

  [[noreturn]] void refuse_label(std::uint64_t label, std::uint64_t row,
                                 const std::string& file) const {
    throw bad_input(
        {.file = file, .row = row + 1, .byte = row * layout_.record() + layout_.label_bytes - 1},
        fmt::format("the label {} is outside 0..{}", label, parts_.class_names.size() - 1),
        fmt::format("is it {}? Classes are named in {}", layout_.name, layout_.names_file));
  }

  CifarLayout layout_;
  DatasetParts parts_;
};

bool recognises_cifar(const Candidate& candidate) {
  if (candidate.directory)
    return std::ranges::any_of(list_directory(candidate.path).files, is_batch);
  const auto fits = [&candidate](const CifarLayout& layout) {
    return !candidate.gzipped && layout.fits(candidate.bytes) && plausible(candidate.head, layout);
  };
  return is_batch(candidate.path.filename().string()) || fits(cifar10) || fits(cifar100);
}

Source begin(const CifarLayout& layout, const std::filesystem::path& directory) {
  Source source{.format = "cifar"};
  if (layout.label_bytes == 2)
    source.notes.emplace_back("CIFAR-100: the fine labels are used, the coarse ones left out");
  if (!is_there(directory / layout.names_file))
    source.notes.push_back(fmt::format("read as {} with the classes 0..{}, as there is no {}",
                                       layout.name, layout.classes - 1, layout.names_file));
  return source;
}

Source read_directory(const Candidate& candidate, const OpenOptions& options) {
  std::vector<std::string> files = list_directory(candidate.path).files;
  std::erase_if(files, [](const std::string& name) { return !is_batch(name); });
  const auto first = std::ranges::find_if_not(files, is_test_batch);
  if (first == files.end())
    throw bad_input({.file = candidate.path.string()},
                    "has no training batches: files .bin whose names do not begin with test");
  const CifarLayout layout =
      layout_of(candidate.path, Examined(candidate.path / *first).candidate());
  Source source = begin(layout, candidate.path);
  const auto classes = class_names(candidate.path, layout, options.memory_limit);
  Batches train(layout, candidate.path.string(), classes);
  Batches test(layout, candidate.path.string(), classes);
  std::uint64_t bytes = 0;
  for (const std::string& file : files) bytes += Examined(candidate.path / file).candidate().bytes;
  require_memory(bytes, options.memory_limit, candidate.path.string(), "allow more memory");
  for (const std::string& file : files)
    (is_test_batch(file) ? test : train)
        .add(Examined(candidate.path / file).candidate(), options.memory_limit);
  source.train = std::move(train).finish();
  Dataset held = std::move(test).finish();
  if (!held.empty()) set_test(source, held);
  return source;
}

Source read_cifar(const Candidate& candidate, const OpenOptions& options) {
  if (candidate.directory) return read_directory(candidate, options);
  const auto directory = candidate.path.parent_path();
  const CifarLayout layout = layout_of(directory, candidate);
  Source source = begin(layout, directory);
  Batches batch(layout, candidate.path.string(),
                class_names(directory, layout, options.memory_limit));
  batch.add(candidate, options.memory_limit);
  source.train = std::move(batch).finish();
  return source;
}

}  // namespace

const Reader cifar_reader{
    .name = "cifar",
    .description = "CIFAR-10 and CIFAR-100 binary: a batch or a directory of batches (.bin)",
    .recognises = recognises_cifar,
    .read = read_cifar,
};

}  // namespace fallline::data
