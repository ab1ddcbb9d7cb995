// How the process keeps memory between operations.
#pragma once

namespace tripost::kernels {

// From here on memory that tensors free stays with the process, for the tensors of the next step:
// given back to the kernel, every page would be faulted in and cleared anew. The same for all
// threads; concerns the whole process and cannot be undone. Does nothing without glibc.
void keep_freed_memory();

}  // namespace tripost::kernels
