#include "data/array_set.hpp"

#include <algorithm>
#include <fallline/error.hpp>
#include <utility>

#include "data/array_header.hpp"
#include "data/class_names.hpp"
#include "data/examined.hpp"
#include "data/test_part.hpp"
#include "files/listing.hpp"

namespace fallline::data {
namespace {

Dataset dataset_of(const std::string& features, const std::string& labels,
                   const std::vector<std::string>& class_names, const LoadArray& load,
                   std::uint64_t memory_limit, std::vector<std::string>& notes) {
  DatasetParts parts = features_of(load(features, memory_limit), memory_limit, notes);
  if (labels.empty()) {
    notes.push_back(parts.name + " has no labels: none were found beside it");
  } else {
    LabelMap map = labels_of(load(labels, memory_limit), memory_limit);
    if (!class_names.empty()) map = with_names(std::move(map), class_names, labels);
    parts.labels = std::move(map.labels);
    parts.class_names = std::move(map.class_names);
  }
  return Dataset(std::move(parts));
}

/// The files of a directory that are named as arrays of IDX or NPY are; a packed file counts only
/// where its plain twin is missing.
std::vector<std::string> array_files(const std::filesystem::path& directory) {
  std::vector<std::string> files = list_directory(directory).files;
  const auto is_twin = [&files](const std::string& name) {
    return name.ends_with(".gz") &&
           std::ranges::binary_search(files, name.substr(0, name.size() - 3));
  };
  std::vector<std::string> named;
  for (const std::string& file : files) {
    const bool array = file.find(".npy") != std::string::npos ||
                       file.find("idx") != std::string::npos ||
                       file.find("ubyte") != std::string::npos;
    if (array && !is_twin(file)) named.push_back(file);
  }
  return named;
}

/// The labels that belong to one file of features, or nothing.
std::string labels_beside(const std::filesystem::path& features) {
  const auto told = array_name(features.filename().string());
  if (!told || told->labels) return {};
  const std::filesystem::path directory = features.parent_path();
  for (const std::string& file : array_files(directory.empty() ? "." : directory)) {
    const auto other = array_name(file);
    if (other && other->labels && other->use == told->use && other->set == told->set)
      return (directory / file).string();
  }
  return {};
}

/// A file of any array format; one of none is refused in the words of `otherwise`.
Array read_array_file(const std::filesystem::path& path, const ArrayFormat& otherwise,
                      std::uint64_t memory_limit) {
  const Examined file(path);
  const Contents contents = contents_of(file.candidate(), memory_limit);
  for (const ArrayFormat& format : {idx_format, npy_format})
    if (format.begins(contents.bytes)) return format.parse(contents, path.string());
  return otherwise.parse(contents, path.string());
}

}  // namespace

Source source_of_arrays(ArrayChoice choice, const LoadArray& load, std::string_view format,
                        std::uint64_t memory_limit) {
  Source source{.format = std::string(format), .notes = std::move(choice.notes)};
  source.train = dataset_of(choice.train, choice.train_labels, choice.class_names, load,
                            memory_limit, source.notes);
  if (!choice.test.empty())
    set_test(source, dataset_of(choice.test, choice.test_labels, choice.class_names, load,
                                memory_beside(source.train, memory_limit), source.notes));
  return source;
}

Source read_array_files(const Candidate& candidate, const OpenOptions& options,
                        const ArrayFormat& format) {
  ArrayChoice choice;
  std::filesystem::path directory;
  if (candidate.directory) {
    directory = candidate.path;
    choice = choose_arrays(candidate.path.string(), array_files(directory));
    if (const auto names = directory / "class_names.txt"; std::filesystem::exists(names)) {
      choice.class_names = read_class_names(names, options.memory_limit);
      choice.notes.emplace_back("the labels number the lines of class_names.txt");
    }
  } else {
    if (!format.begins(candidate.head))
      (void)format.parse(contents_of(candidate, options.memory_limit), candidate.path.string());
    choice.train = candidate.path.string();
    choice.train_labels =
        options.labels.empty() ? labels_beside(candidate.path) : options.labels.string();
    if (options.labels.empty() && !choice.train_labels.empty())
      choice.notes.push_back("the labels are those of " + choice.train_labels);
  }
  const auto load = [&](const std::string& name, std::uint64_t memory_limit) {
    return read_array_file(directory / name, format, memory_limit);
  };
  return source_of_arrays(std::move(choice), load, format.name, options.memory_limit);
}

bool holds_arrays(const Candidate& directory, const ArrayFormat& format) {
  if (!directory.directory) return false;
  const auto is_one = [&](const std::string& file) {
    return array_name(file) && format.begins(Examined(directory.path / file).candidate().head);
  };
  return std::ranges::any_of(array_files(directory.path), is_one);
}

}  // namespace fallline::data
