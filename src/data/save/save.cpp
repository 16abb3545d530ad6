#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fallline/data/arrange.hpp>
#include <fallline/data/save.hpp>
#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <memory>
#include <set>

#include "data/save/writer.hpp"
#include "files/mappings.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using data::OutputFile;
using data::SavedParts;
using data::Writer;

constexpr std::array writers{&data::cifar_writer, &data::idx_writer, &data::npz_writer,
                             &data::csv_writer, &data::libsvm_writer};

const Writer& writer_of(std::string_view format) {
  const auto found = std::ranges::find_if(
      writers, [format](const Writer* writer) { return writer->name == format; });
  if (found != writers.end()) return **found;
  std::vector<std::string_view> names;
  for (const Writer* writer : writers) names.push_back(writer->name);
  throw usage_error(
      fmt::format("there is no format '{}' to write", format),
      did_you_mean(format, names) + fmt::format("choose one of {}", fmt::join(names, ", ")));
}

SavedParts agreeing(const Dataset& train, const Dataset* test) {
  if (train.empty()) throw usage_error("there are no examples to write");
  SavedParts parts{.train = train};
  if (test == nullptr || test->empty()) return parts;
  parts.test = arrange(*test, train.schema()).data.with_classes(train.class_names());
  return parts;
}

Error exists(const fs::path& path, const char* advice) {
  return {ErrorKind::output, {.file = path.string()}, "exists already", advice};
}

void refuse_what_exists(const std::vector<OutputFile>& files, const fs::path& path,
                        bool overwrite) {
  std::set<fs::path> ours;
  for (const OutputFile& file : files) {
    ours.insert(file.path);
    if (fs::is_directory(file.path))
      throw exists(file.path, "it is a directory: choose another name");
    if (!overwrite && fs::exists(file.path))
      throw exists(file.path, "choose another place, or ask to overwrite it");
  }
  if (ours.contains(path) || !fs::exists(path)) return;
  if (!fs::is_directory(path)) throw exists(path, "a directory is needed: choose another place");
  for (const auto& entry : fs::directory_iterator(path))
    if (!ours.contains(entry.path()))
      throw exists(entry.path(),
                   "it would be mixed with what is written: choose an empty directory");
}

void write(const std::vector<OutputFile>& files) {
  std::vector<std::unique_ptr<AtomicFile>> written;
  for (const OutputFile& file : files) {
    written.push_back(std::make_unique<AtomicFile>(file.path));
    file.write(*written.back());
  }
  require_mappings();
  for (const auto& file : written) file->commit();
}

}  // namespace

void save(const Dataset& train, const Dataset* test, const fs::path& path, std::string_view format,
          const SaveOptions& options) {
  const SavedParts parts = agreeing(train, test);
  const std::vector<OutputFile> files = writer_of(format).plan(parts, path);
  try {
    refuse_what_exists(files, path, options.overwrite);
    if (files.front().path != path) fs::create_directories(path);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::output, {.file = path.string()}, error.code().message(),
                "choose another place to write to");
  }
  write(files);
}

std::vector<FormatInfo> save_formats() {
  std::vector<FormatInfo> formats;
  formats.reserve(writers.size());
  for (const Writer* writer : writers) formats.push_back({writer->name, writer->description});
  return formats;
}

}  // namespace fallline
