#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H
/// How often memory was asked for since the process began; 0 where that is not counted (other than glibc).
long allocation_count(void);
#endif
